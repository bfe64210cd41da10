/** What a module says that obeys `Security.rest_client_enable_arbitrary_urls`, before it looks at anything else (Module_webhook::exec). */
export const arbitraryUrlsOff = '`Security.rest_client_enable_arbitrary_urls` is turned off'

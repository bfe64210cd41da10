// What the app's pages may load, the same in the desktop window and in the browser.
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // Mantine sets its variables in a style element.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

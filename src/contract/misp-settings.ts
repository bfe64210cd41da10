// MISP's settings, apart from Retrace's own: what comes in as a setting of MISP (settings files, a world's folder, answers of a MISP, operations)
// is taken by this list of names and by nothing else, so that no file and no answer can set anything of Retrace.
import { isUnknownMap, type Json, type JsonMap } from './json.ts'

declare const checked: unique symbol

/** Settings of MISP by name; only `parseMispSettings` makes them. */
export type MispSettings = JsonMap & { readonly [checked]: true }

/** Names of MISP's Server model, by branch. */
const branches: Readonly<Record<string, string>> = {
  MISP: `
    baseurl external_baseurl live language default_attribute_memory_coefficient default_event_memory_divisor curl_request_timeout disable_sighting_loading
    disable_event_locks correlation_engine correlation_limit correlation_chunk_size enable_advanced_correlations enable_automatic_garbage_collection
    server_settings_skip_backup_rotate python_bin ca_path disable_auto_logout ssdeep_correlation_threshold max_correlations_per_event maintenance_message
    name version disable_cached_exports disable_threat_level header footermidleft footermidright footerpart1 footerpart2 footer footerversion footer_logo
    home_logo main_logo org host_org_id uuid logo showorg threatlevel_in_email_subject email_subject_TLP_string email_subject_tag
    email_subject_include_tag_name email_from_name email_reply_to taxii_sync taxii_client_path background_jobs attachments_dir
    download_attachments_on_load osuser email disable_emailing publish_alerts_summary_only contact dns cveurl cweurl disablerestalert
    extended_alert_subject forceHTTPSforPreLoginRequestedURL event_alert_metadata_only default_event_distribution default_attribute_distribution
    default_event_threat_level default_event_tag_collection default_publish_alert tagging full_tags_on_event_index disable_taxonomy_consistency_checks
    welcome_text_top welcome_text_bottom welcome_logo welcome_logo2 title_text take_ownership_xml_import terms_download terms_file showorgalternate
    unpublishedprivate newUserText passwordResetText enableEventBlocklisting enableOrgBlocklisting enableSightingBlocklisting log_client_ip
    log_client_ip_header store_api_access_time log_auth log_skip_db_logs_completely log_skip_access_logs_in_application_logs log_paranoid log_paranoid_api
    log_paranoid_skip_db log_paranoid_include_post_body log_paranoid_include_sql_queries log_user_ips log_user_ips_authkeys disable_seen_ips_authkeys
    log_new_audit log_new_audit_compress delegation discussion_disable showCorrelationsOnIndex showProposalsCountOnIndex showSightingsCountOnIndex
    showDiscussionsCountOnIndex showEventReportCountOnIndex collapse_attribute_in_object disableUserSelfManagement disable_user_login_change
    disable_user_password_change disable_user_add block_event_alert block_event_alert_tag event_alert_republish_ban event_alert_republish_ban_threshold
    event_alert_republish_ban_refresh_on_retry user_email_notification_ban user_email_notification_ban_time_threshold
    user_email_notification_ban_amount_threshold org_alert_threshold block_old_event_alert block_old_event_alert_age block_old_event_alert_by_date tmpdir
    custom_css proposals_block_attributes incoming_tags_disabled_by_default completely_disable_correlation allow_disabling_correlation
    show_server_correlations_for_all_users redis_host redis_port redis_database redis_password redis_serializer event_view_filter_fields manage_workers
    deadlock_avoidance updateTimeThreshold attribute_filters_block_only attachment_scan_module attachment_scan_hash_only attachment_scan_timeout
    warning_for_all system_setting_db menu_custom_right_link menu_custom_right_link_html enable_synchronisation_filtering_on_type
    download_gpg_from_homedir enable_clusters_mirroring_from_attributes_to_event thumbnail_in_redis block_publishing_for_same_creator self_update
    online_version_check fetchAttributeLegacyStrategy`,
  GnuPG: `
    binary onlyencrypted bodyonlyencrypted sign email password homedir obscure_subject key_fetching_disabled`,
  SMIME: `
    enabled email cert_public_sign key_sign password`,
  Proxy: `
    host port method user password`,
  Security: `
    disable_form_security csp_enforce salt api_key_quick_lookup api_key_quick_lookup_expiration alert_on_suspicious_logins log_each_individual_auth_fail
    advanced_authkeys advanced_authkeys_validity authkey_keep_session auth_enforced rest_client_enable_arbitrary_urls rest_client_baseurl syslog
    syslog_to_stderr syslog_ident do_not_log_authkeys mandate_ip_allowlist_advanced_authkeys limit_site_admins_to_host_org disable_browser_cache
    check_sec_fetch_site_header force_https otp_disabled otp_required otp_issuer email_otp_enabled email_otp_length email_otp_validity email_otp_text
    email_otp_exceptions allow_self_registration allow_password_forgotten self_registration_message password_policy_length password_policy_complexity
    require_password_confirmation sanitise_attribute_on_delete hide_organisation_index_from_users hide_organisations_in_sharing_groups
    disable_local_feed_access allow_unsafe_apikey_named_param allow_unsafe_cleartext_apikey_logging allow_cors cors_origins sync_audit
    user_monitoring_enabled username_in_response_header user_org_uuid_in_response_header encryption_key min_tls_version enable_svg_logos
    disable_instance_file_uploads disclose_user_emails`,
  SecureAuth: `
    amount expire`,
  Session: `
    autoRegenerate checkAgent defaults timeout cookieTimeout`,
  Plugin: `
    RPZ_policy RPZ_walled_garden RPZ_serial RPZ_refresh RPZ_retry RPZ_expiry RPZ_minimum_ttl RPZ_ttl RPZ_ns RPZ_ns_alt RPZ_email Kafka_enable
    Kafka_brokers Kafka_rdkafka_config Kafka_include_attachments Kafka_event_notifications_enable Kafka_event_notifications_topic
    Kafka_event_publish_notifications_enable Kafka_event_publish_notifications_topic Kafka_object_notifications_enable Kafka_object_notifications_topic
    Kafka_object_reference_notifications_enable Kafka_object_reference_notifications_topic Kafka_attribute_notifications_enable
    Kafka_attribute_notifications_topic Kafka_shadow_attribute_notifications_enable Kafka_shadow_attribute_notifications_topic
    Kafka_tag_notifications_enable Kafka_tag_notifications_topic Kafka_sighting_notifications_enable Kafka_sighting_notifications_topic
    Kafka_user_notifications_enable Kafka_user_notifications_topic Kafka_organisation_notifications_enable Kafka_organisation_notifications_topic
    Kafka_audit_notifications_enable Kafka_audit_notifications_topic ZeroMQ_enable ZeroMQ_host ZeroMQ_port ZeroMQ_username ZeroMQ_password
    ZeroMQ_redis_host ZeroMQ_redis_port ZeroMQ_redis_password ZeroMQ_redis_database ZeroMQ_redis_namespace ZeroMQ_include_attachments
    ZeroMQ_event_notifications_enable ZeroMQ_object_notifications_enable ZeroMQ_object_reference_notifications_enable
    ZeroMQ_attribute_notifications_enable ZeroMQ_tag_notifications_enable ZeroMQ_sighting_notifications_enable ZeroMQ_user_notifications_enable
    ZeroMQ_organisation_notifications_enable ZeroMQ_audit_notifications_enable ZeroMQ_warninglist_notifications_enable ElasticSearch_logging_enable
    ElasticSearch_connection_string ElasticSearch_log_index S3_enable S3_aws_compatible S3_aws_ca S3_aws_validate_ca S3_aws_endpoint S3_bucket_name
    S3_region S3_aws_access_key S3_aws_secret_key Sightings_policy Sightings_anonymise Sightings_anonymise_as Sightings_range Sightings_sighting_db_enable
    Sightings_enable_realtime_publish CustomAuth_enable CustomAuth_header CustomAuth_use_header_namespace CustomAuth_header_namespace CustomAuth_required
    CustomAuth_only_allow_source CustomAuth_name CustomAuth_disable_logout Benchmarking_enable Enrichment_services_enable Enrichment_timeout
    Import_services_enable Import_timeout Import_services_url Import_services_port Export_services_url Export_services_port Export_services_enable
    Export_timeout Action_services_url Action_services_port Action_services_enable Action_timeout Enrichment_hover_enable Enrichment_hover_popover_only
    Enrichment_hover_timeout Enrichment_services_url Enrichment_services_port Workflow_enable Workflow_debug_url Cortex_services_url Cortex_services_port
    Cortex_services_enable Cortex_authkey Cortex_timeout Cortex_ssl_verify_peer Cortex_ssl_verify_host Cortex_ssl_allow_self_signed Cortex_ssl_cafile
    CustomAuth_custom_password_reset CustomAuth_custom_logout CyCat_enable CyCat_url CTIInfoExtractor_enable CTIInfoExtractor_url
    CTIInfoExtractor_authentication`,
  SimpleBackgroundJobs: `
    enabled redis_host redis_port redis_database redis_password redis_namespace redis_serializer max_job_history_ttl supervisor_host supervisor_port
    supervisor_user supervisor_password`,
  LinOTPAuth: `
    enabled baseUrl realm verifyssl mixedauth data`
}

const exact: ReadonlySet<string> = new Set([
  'debug',
  'site_admin_debug',
  ...Object.entries(branches).flatMap(([branch, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => `${branch}.${name}`)
  )
])

/** Server::readModuleSettings: what modules of misp-modules and triggers add. */
const added = /^Plugin\.(?:(?:Enrichment|Import|Export|Action|Cortex|AI)_|Workflow_triggers_)[A-Za-z0-9][\w.-]{0,150}$/

/** Lists that files of settings may hold besides: which triggers, modules and ad-hoc workflows (by trigger id) are enabled; null: all. */
const lists: ReadonlySet<string> = new Set(['enabled_triggers', 'enabled_modules', 'enabled_adhoc'])

export const isMispSetting = (name: string): boolean => exact.has(name) || added.test(name) || lists.has(name)

const isList = (value: Json | undefined): boolean =>
  value === null || (Array.isArray(value) && value.every((item) => typeof item === 'string'))

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null

export interface ParsedSettings {
  readonly settings: MispSettings
  /** Names that are none of MISP's, or have a value that they cannot have. They are not taken. */
  readonly unknown: readonly string[]
}

/** Takes what is a setting of MISP, by its exact name. */
export function parseMispSettings(given: unknown): ParsedSettings {
  const entries = isUnknownMap(given) ? Object.entries(given) : []
  const isKnown = ([name, value]: [string, unknown]): boolean =>
    isMispSetting(name) && (lists.has(name) ? isList(value as Json) : isScalar(value))
  return {
    settings: Object.fromEntries(entries.filter(isKnown)) as unknown as MispSettings,
    unknown: entries.filter((entry) => !isKnown(entry)).map(([name]) => name)
  }
}

export const noSettings: MispSettings = parseMispSettings({}).settings

/** The later ones win. */
export const mergeSettings = (...all: readonly (MispSettings | null | undefined)[]): MispSettings =>
  Object.assign({}, ...all) as MispSettings

/** `capture`, `live` and 3 more. */
export function nameSettings(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name.slice(0, 80)}"`)
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`
}

// What misp-modules ships, as GET /modules lists it: names, kinds, types and parameters. Without the list of a service of one’s own (world/service_modules.json)
// a run assumes these.
import type { Json, JsonMap } from '../../../contract/json.ts'

/** The release of misp-modules that listed them. */
export const shippedRelease = '3.0.9'

/** name; kinds; format; input; output; config (nothing: the module names none). `-` stands for nothing. */
const table = `
abuseipdb; expansion,hover; standard; ip-src,ip-dst,hostname,domain,domain|ip; -; api_key,max_age_in_days,abuse_threshold
alphaMountain; expansion,hover; standard; ip,ip-src,ip-dst,ip-src|port,ip-dst|port,domain,hostname,url,uri,link; text,comment; license,scan_depth,partner_type
apifreaks; expansion,hover; -; domain,hostname,ip-src,ip-dst,AS,email-src,email-dst,target-email,whois-registrant-email; domain,hostname,ip-src,ip-dst,AS,whois-registrant-email,whois-registrant-phone,whois-registrant-name,whois-registrar,whois-creation-date,dns-soa-email,email-src,datetime,text; apikey,do_whois,do_dns,do_subdomains,do_availability,do_history,do_reverse_dns
apivoid; expansion,hover; standard; domain,hostname,email,email-src,email-dst,email-reply-to,dns-soa-email,target-email,whois-registrant-email; -; apikey
assemblyline_query; expansion; standard; link; -; apiurl,user_id,apikey,password,verifyssl
assemblyline_submit; expansion; -; attachment,malware-sample,url; link; apiurl,user_id,apikey,password,verifyssl
btc_scam_check; hover; -; btc; text; none
btc_steroids; hover; -; btc; text; none
cef_export; export; -; -; -; Default_Severity,Device_Vendor,Device_Product,Device_Version
cisco_firesight_manager_ACL_rule_export; export; -; -; -; fmc_ip_addr,fmc_login,fmc_pass,domain_id,acpolicy_id
cluster25_expand; expansion,hover; standard; domain,email-src,email-dst,filename,md5,sha1,sha256,ip-src,ip-dst,url,vulnerability,btc,xmr,ja3-fingerprint-md5; -; api_id,apikey,base_url
countrycode; hover; -; hostname,domain; -; none
cpe; expansion,hover; standard; cpe; -; custom_API_URL,limit
crowdsec; hover,expansion; standard; ip-dst,ip-src; -; api_key,add_reputation_tag,add_behavior_tag,add_classification_tag,add_mitre_technique_tag,add_cve_tag
csvimport; import; standard; -; -; none
cuckoo_submit; expansion,hover; -; attachment,malware-sample,url,domain; text; api_url,api_key
cuckooimport; import; standard; -; MISP objects,malware-sample; none
cve; expansion,hover; standard; vulnerability; -
cve_advanced; expansion,hover; standard; vulnerability; -; custom_API
cytomic_orion; expansion; standard; md5; -; api_url,token_url,clientid,clientsecret,clientsecret,username,password,upload_timeframe,upload_tag,delete_tag,upload_ttlDays,upload_threat_level_id,limit_upload_events,limit_upload_attributes
dbl_spamhaus; expansion,hover; -; domain,domain|ip,hostname,hostname|port; text; none
defender_endpoint_export; export; -; -; -; Period
dns; expansion,hover; -; hostname,domain,domain|ip; ip-src,ip-dst; nameserver
docx_enrich; expansion; -; attachment; freetext,text; none
email_security_check; expansion,hover; standard; domain,hostname; -
eql; expansion; -; ip-src,ip-dst,filename; -
extract_url_components; expansion,hover; standard; url; -; none
flowtriq; expansion,hover; standard; ip-src,ip-dst; -; api_key,api_url
geoip_asn; expansion,hover; -; ip-src,ip-dst,domain|ip; freetext; local_geolite_db
geoip_city; expansion,hover; -; ip-src,ip-dst,domain|ip; freetext; local_geolite_db
geoip_country; expansion,hover; -; ip-src,ip-dst,domain|ip; freetext; local_geolite_db
goamlexport; export; -; -; -; rentity_id
goamlimport; import; standard; -; MISP objects; none
hashdd; hover; -; md5; text; none
hashlookup; expansion,hover; standard; md5,sha1,sha256; -; custom_API
hibp; hover; -; email-dst,email-src; text; api_key
hyasinsight; expansion,hover; standard; ip-src,ip-dst,hostname,domain,email,email-src,email-dst,target-email,whois-registrant-email,phone-number,whois-registrant-phone,md5,x509-fingerprint-md5,ja3-fingerprint-md5,hassh-md5,hasshserver-md5,sha1,x509-fingerprint-sha1,sha256,x509-fingerprint-sha256,sha512; -; apikey
import_blueprint; import; standard; -; MISP Format; none
ip2locationio; expansion,hover; standard; ip-src,ip-dst; -; key
ipinfo; expansion,hover; standard; ip-src,ip-dst; -; token
ipqs_fraud_and_risk_scoring; expansion,hover; standard; ip-src,ip-dst,hostname,domain,url,uri,email,email-src,email-dst,target-email,whois-registrant-email,first-name,last-name,middle-name,github-username,text,phone-number,whois-registrant-phone,attachment,malware-sample; -; apikey,base_url,poll_delay
iprep; expansion; -; ip-src,ip-dst; text; apikey
ismalicious; expansion,hover; standard; ip-src,ip-dst,hostname,domain,url,domain|ip; text; api_key,api_url
jinja_template_rendering; expansion; -; text; text
joe_import; import; standard; -; -; none
lastline_import; import; standard; -; -; username,password,verify_ssl
lastline_query; expansion; standard; link; text; username,password,verify_ssl
lastline_submit; expansion,hover; -; attachment,malware-sample,url; link; url,api_token,key
liteexport; export; -; -; -; indent_json_export
macvendors; hover; -; mac-address; text; user-agent
malshare_upload; expansion; -; attachment,malware-sample; link; malshare_apikey
malwarebazaar; expansion,hover; standard; md5,sha1,sha256; -; auth_key
mass_eql_export; export; -; -; -
mcafee_insights_enrich; hover; standard; md5,sha1,sha256; -; api_key,client_id,client_secret
mispjson; import; -; -; -; none
mmdb_lookup; expansion,hover; standard; ip-src,ip-src|port,ip-dst,ip-dst|port; -; custom_API,db_source_filter,max_country_info_qt
nexthinkexport; export; -; -; -; Period
ocr; import; -; -; -; none
odt_enrich; expansion; -; attachment; freetext,text; none
onion_lookup; expansion,hover; standard; onion-address; -; none
openiocimport; import; -; -; -; none
osqueryexport; export; -; -; -; none
otx; expansion; -; hostname,domain,ip-src,ip-dst,md5,sha1,sha256,sha512; domain,ip-src,ip-dst,text,md5,sha1,sha256,sha512,email; apikey
passive_ssh; expansion,hover; standard; ip-src,ip-dst,ssh-fingerprint; -; custom_api_url,api_user,api_key
pdfexport; export; -; -; -; MISP_base_url_for_dynamic_link,MISP_name_for_metadata,Activate_textual_description,Activate_galaxy_description,Activate_related_events,Activate_internationalization_fonts,Custom_fonts_path
qintel_qsentry; hover,expansion; standard; ip-src,ip-dst; ip-src,ip-dst,AS,freetext; token,remote
ransomcoindb; expansion,hover; standard; sha1,sha256,md5,btc; btc,sha1,sha256,md5,freetext; api-key
ransomlook; expansion,hover; standard; md5,sha1,sha256,filename,pdb,filename|md5,filename|sha1,filename|sha256,ip-src,ip-dst,hostname,domain,domain|ip,email,email-src,eppn,email-dst,email-subject,email-attachment,email-body,float,git-commit-id,url,http-method,user-agent,ja3-fingerprint-md5,jarm-fingerprint,favicon-mmh3,hassh-md5,hasshserver-md5,regkey,regkey|value,AS,snort,suricata,bro,zeek,community-id,dom-hash,pattern-in-file,pattern-in-traffic,pattern-in-memory,filename-pattern,pgp-public-key,pgp-private-key,ssh-fingerprint,yara,stix2-pattern,sigma,gene,kusto-query,mime-type,identity-card-number,cookie,vulnerability,cpe,weakness,attachment,malware-sample,link,comment,text,hex,other,named pipe,mutex,process-state,target-user,target-email,target-machine,target-org,target-location,target-external,btc,dash,xmr,iban,bic,bank-account-nr,aba-rtn,bin,cc-number,prtn,phone-number,threat-actor,campaign-name,campaign-id,malware-type,uri,authentihash,vhash,ssdeep,imphash,telfhash,pehash,impfuzzy,sha224,sha384,sha512,sha512/224,sha512/256,sha3-224,sha3-256,sha3-384,sha3-512,tlsh,cdhash,filename|authentihash,filename|vhash,filename|ssdeep,filename|imphash,filename|impfuzzy,filename|pehash,filename|sha224,filename|sha384,filename|sha512,filename|sha512/224,filename|sha512/256,filename|sha3-224,filename|sha3-256,filename|sha3-384,filename|sha3-512,filename|tlsh,windows-scheduled-task,windows-service-name,windows-service-displayname,whois-registrant-email,whois-registrant-phone,whois-registrant-name,whois-registrant-org,whois-registrar,whois-creation-date,x509-fingerprint-sha1,x509-fingerprint-md5,x509-fingerprint-sha256,dns-soa-email,size-in-bytes,counter,integer,datetime,port,ip-dst|port,ip-src|port,hostname|port,mac-address,mac-eui-64,email-dst-display-name,email-src-display-name,email-header,email-reply-to,email-x-mailer,email-mime-boundary,email-thread-index,email-message-id,github-username,github-repository,github-organisation,jabber-id,twitter-id,dkim,dkim-signature,first-name,middle-name,last-name,full-name,date-of-birth,place-of-birth,gender,passport-number,passport-country,passport-expiration,redress-number,nationality,visa-number,issue-date-of-the-visa,primary-residence,country-of-residence,special-service-request,frequent-flyer-number,travel-details,payment-details,place-port-of-original-embarkation,place-port-of-clearance,place-port-of-onward-foreign-destination,passenger-name-record-locator-number,mobile-application-id,azure-application-id,chrome-extension-id,edge-extension-id,cortex,boolean,uuid,anonymised,onion-address,freetext; MISP objects; none
rapid7_attackerkb; expansion,hover; standard; vulnerability,comment; MISPObject; api_key
rbl; expansion,hover; -; ip-src,ip-dst; text; timeout
rdap; expansion,hover; standard; domain,hostname,ip-src,ip-dst,url; -; none
recordedfuture; expansion,hover; standard; ip,ip-src,ip-dst,ip-src|port,ip-dst|port,domain,hostname,md5,sha1,sha256,uri,url,vulnerability,weakness; ip,ip-src,ip-dst,ip-src|port,ip-dst|port,domain,hostname,md5,sha1,sha256,uri,url,vulnerability,weakness,email-src,malware-sample,text,target-org,threat-actor,target-user; token,proxy_host,proxy_port,proxy_username,proxy_password
reversedns; expansion,hover; -; ip-src,ip-dst,domain|ip; hostname; nameserver
reversinglabs_spectra_analyze; expansion; standard; md5,sha1,sha256,domain,hostname,ip,ip-src,ip-dst,url; -; api_url,api_token,verify_ssl
securitytrails; expansion,hover; -; hostname,domain,ip-src,ip-dst; hostname,domain,ip-src,ip-dst,dns-soa-email,whois-registrant-email,whois-registrant-phone,whois-registrant-name,whois-registrar,whois-creation-date,domain; apikey
shodan; expansion; standard; ip-src,ip-dst; -; apikey
socradar_lookup; expansion,hover; standard; ip-src,ip-dst,domain,hostname,url,md5,sha1,sha256,email-src,email-dst; text; socradar_api_key,socradar_api_url,socradar_mode,socradar_ai_insight
socradar_taxii_feed; import; standard; -; -; socradar_taxii_url,socradar_api_root,socradar_username,socradar_password
sophoslabs_intelix; expansion; standard; sha256,ip,ip-src,ip-dst,uri,url,domain,hostname; -; client_id,client_secret,region
ssh_fingerprint; expansion,hover; standard; ip-src,ip-dst; -
stairwell; expansion; standard; md5,sha1,sha256; -; apikey
testexport; export; -; -; -; none
testimport; import; -; -; -; none
threat_connect_export; export; -; -; -; Default_Source
threatanalyzer_import; import; -; -; -; none
threatcrowd; expansion; -; hostname,domain,ip-src,ip-dst,md5,sha1,sha256,sha512,whois-registrant-email; domain,ip-src,ip-dst,text,md5,sha1,sha256,sha512,hostname,whois-registrant-email; none
threatfox; hover,expansion; -; md5,sha1,sha256,domain,url,email-src,ip-dst|port,ip-src|port; text; auth_key
threatminer; expansion; -; hostname,domain,ip-src,ip-dst,md5,sha1,sha256,sha512; domain,ip-src,ip-dst,text,md5,sha1,sha256,sha512,ssdeep,authentihash,filename,whois-registrant-email,url,link
threatStream_misp_export; export; -; -; -; none
tls_certificate_check; expansion,hover; standard; domain,hostname; -
triage_submit; expansion,hover; -; attachment,malware-sample,url; link; apikey,url_mode
url_import; import; standard; -; MISP Format; none
urlhaus; expansion,hover; standard; domain,hostname,ip-src,ip-dst,md5,sha256,url; url,filename,md5,sha256; auth_key
urlscan; expansion; -; hostname,domain,ip-src,ip-dst,url; hostname,domain,ip-src,ip-dst,url,text,link,hash; apikey
validin; expansion,hover; standard; domain,hostname,ip-src,ip-dst; -; endpoint,api_key,result_limit
variotdbs; expansion,hover; standard; vulnerability; -; API_key
virustotal_collections; export; standard; hostname,domain,ip-src,ip-dst,md5,sha1,sha256,url; -; vt_api_key,proxy_host,proxy_port,proxy_username,proxy_password
virustotal_upload; expansion; -; attachment,malware-sample; link; virustotal_apikey
vmray_import; import; standard; -; MISP objects; apikey,url,disable_tags,disable_misp_objects,ignore_analysis_finished
vmray_submit; expansion; -; attachment,malware-sample; text,sha1,sha256,md5,link; apikey,url,shareable,do_not_reanalyze,do_not_include_vmrayjobids
vmray_summary_json_import; import; standard; -; MISP objects,MISP attributes; disable_tags
vulnerability_lookup; expansion,hover; standard; vulnerability; -
vysion; expansion; standard; email,domain,hostname,url,text,btc,phone-number,target-org,xmr,dash; -; apikey,event_limit,proxy_host,proxy_port,proxy_username,proxy_password
whois; expansion; -; domain,ip-src,ip-dst; freetext; server,port
whoisfreaks; expansion,hover; -; domain; domain,dns-soa-email,whois-registrant-email,whois-registrant-phone,whois-registrant-name,whois-registrar,whois-creation-date,domain; apikey
wiki; hover; -; text; text; none
xforceexchange; expansion,hover; standard; ip-src,ip-dst,vulnerability,md5,sha1,sha256,domain,hostname,url; ip-src,ip-dst,text,domain; apikey,apipassword
xlsx_enrich; expansion; -; attachment; freetext,text; none
xposedornot; expansion,hover; standard; email,email-src,email-dst,target-email,whois-registrant-email; text; api_key
yara_export; export; -; -; -; none
yara_query; expansion,hover; -; md5,sha1,sha256,filename|md5,filename|sha1,filename|sha256,imphash; yara; none
yara_syntax_validator; hover; -; yara; text; none
`

/** Parameters of action modules by name: their type, and whether misp-modules says that they are templates. */
const actions = {
  export_sentinel: {
    support_filters: true,
    params: {
      misp2_venv: 'string',
      misp2_script: 'string'
    }
  },
  nextcloud_talk: {
    support_filters: true,
    params: {
      nextcloud_baseurl: 'string',
      nextcloud_app_uuid_login: 'string',
      app_access_token: 'string',
      nextcloud_conversation_token: 'string',
      message_template: 'large_string template'
    }
  },
  slack: {
    support_filters: true,
    params: {
      slack_bot_token: 'string',
      channel_id: 'string',
      message_template: 'large_string template'
    }
  },
  mattermost: {
    support_filters: true,
    params: {
      mattermost_hostname: 'string',
      bot_access_token: 'string',
      channel_id: 'string',
      message_template: 'large_string template'
    }
  },
  testaction: {
    support_filters: false,
    params: {
      foo: 'string',
      'Data extraction path': 'hash_path'
    }
  }
} as const

const listOf = (text: string): readonly string[] => (text === '-' || text === 'none' ? [] : text.split(','))

function listedModule(line: string): JsonMap {
  const [name = '', kinds = '', format, input = '-', output = '-', config] = line.split('; ')
  const isImportOrExport = kinds === 'import' || kinds === 'export'
  return {
    name,
    type: isImportOrExport ? `${kinds}_mod` : 'expansion',
    mispattributes: {
      ...(input === '-' ? {} : { input: listOf(input) }),
      ...(output === '-' ? {} : { output: listOf(output) }),
      ...(format === 'standard' ? { format: 'misp_standard' } : {})
    },
    meta: { 'module-type': listOf(kinds), ...(config === undefined ? {} : { config: listOf(config) }) }
  }
}

function listedAction([name, { support_filters, params }]: [string, (typeof actions)[keyof typeof actions]]): JsonMap {
  const described = Object.entries(params).map(([param, said]): [string, Json] => {
    const [type = 'string', template] = said.split(' ')
    return [param, { type, ...(template === undefined ? {} : { jinja_supported: true }) }]
  })
  const flags = { blocking: false, support_filters, expect_misp_core_format: false }
  const config = { params: Object.fromEntries(described), ...flags }
  return { name, type: 'action_mod', mispattributes: { config }, meta: { 'module-type': ['action'], config } }
}

/** Entries of GET /modules, without their descriptions. */
export const shippedModules: readonly JsonMap[] = [
  ...Object.entries(actions).map(listedAction),
  ...table.trim().split('\n').map(listedModule)
]

/** A module of which only the name is known: it takes every one of the types, and answers in MISP’s own format or in the old one. */
export const unknownModule = (name: string, types: readonly string[], isStandard: boolean): JsonMap => ({
  name,
  type: 'expansion',
  mispattributes: { input: types, ...(isStandard ? { format: 'misp_standard' } : {}) },
  meta: { 'module-type': ['expansion', 'hover'], config: [] }
})

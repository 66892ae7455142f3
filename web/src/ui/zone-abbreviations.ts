import { namedLines } from "../../../src/contracts/time-zones.ts";

/** What people call a zone's time for short, in winter and in summer. From the tz database, 2025b (public domain). */
const byAbbreviation = `
ACDT Australia/Broken_Hill Australia/Adelaide
ACST Australia/Broken_Hill Australia/Adelaide Australia/Darwin
ADT Atlantic/Bermuda America/Halifax America/Glace_Bay America/Moncton America/Goose_Bay America/Thule
AEDT Antarctica/Macquarie Australia/Hobart Australia/Melbourne Australia/Sydney
AEST Antarctica/Macquarie Australia/Hobart Australia/Melbourne Australia/Sydney Australia/Brisbane
  Australia/Lindeman
AKDT America/Anchorage America/Juneau America/Sitka America/Metlakatla America/Yakutat America/Nome
AKST America/Anchorage America/Juneau America/Sitka America/Metlakatla America/Yakutat America/Nome
AST America/Antigua America/Anguilla America/Aruba America/Barbados America/St_Barthelemy Atlantic/Bermuda
  America/Kralendijk America/Halifax America/Glace_Bay America/Moncton America/Goose_Bay America/Blanc-Sablon
  America/Curacao America/Dominica America/Santo_Domingo America/Grenada America/Thule America/Guadeloupe
  America/St_Kitts America/St_Lucia America/Marigot America/Martinique America/Montserrat America/Puerto_Rico
  America/Lower_Princes America/Port_of_Spain America/St_Vincent America/Tortola America/St_Thomas
AWST Australia/Perth
BST Europe/London Europe/Guernsey Europe/Isle_of_Man Europe/Jersey
CAT Africa/Bujumbura Africa/Gaborone Africa/Lubumbashi Africa/Blantyre Africa/Maputo Africa/Windhoek Africa/Kigali
  Africa/Khartoum Africa/Juba Africa/Lusaka Africa/Harare
CDT America/Winnipeg America/Resolute America/Rankin_Inlet America/Havana America/Matamoros America/Ojinaga
  America/Chicago America/Indiana/Tell_City America/Indiana/Knox America/Menominee America/North_Dakota/Center
  America/North_Dakota/New_Salem America/North_Dakota/Beulah
CEST Europe/Andorra Europe/Tirane Europe/Vienna Europe/Sarajevo Europe/Brussels Europe/Zurich Europe/Prague
  Europe/Berlin Europe/Busingen Europe/Copenhagen Europe/Madrid Africa/Ceuta Europe/Paris Europe/Gibraltar
  Europe/Zagreb Europe/Budapest Europe/Rome Europe/Vaduz Europe/Luxembourg Europe/Monaco Europe/Podgorica
  Europe/Skopje Europe/Malta Europe/Amsterdam Europe/Oslo Europe/Warsaw Europe/Belgrade Europe/Stockholm
  Europe/Ljubljana Arctic/Longyearbyen Europe/Bratislava Europe/San_Marino Europe/Vatican
CET Europe/Andorra Europe/Tirane Europe/Vienna Europe/Sarajevo Europe/Brussels Europe/Zurich Europe/Prague
  Europe/Berlin Europe/Busingen Europe/Copenhagen Africa/Algiers Europe/Madrid Africa/Ceuta Europe/Paris
  Europe/Gibraltar Europe/Zagreb Europe/Budapest Europe/Rome Europe/Vaduz Europe/Luxembourg Europe/Monaco
  Europe/Podgorica Europe/Skopje Europe/Malta Europe/Amsterdam Europe/Oslo Europe/Warsaw Europe/Belgrade
  Europe/Stockholm Europe/Ljubljana Arctic/Longyearbyen Europe/Bratislava Europe/San_Marino Africa/Tunis
  Europe/Vatican
CST America/Belize America/Winnipeg America/Resolute America/Rankin_Inlet America/Regina America/Swift_Current
  Asia/Shanghai America/Costa_Rica America/Havana America/Guatemala America/Tegucigalpa Asia/Macau
  America/Mexico_City America/Merida America/Monterrey America/Matamoros America/Chihuahua America/Ojinaga
  America/Bahia_Banderas America/Managua America/El_Salvador Asia/Taipei America/Chicago America/Indiana/Tell_City
  America/Indiana/Knox America/Menominee America/North_Dakota/Center America/North_Dakota/New_Salem
  America/North_Dakota/Beulah
ChST Pacific/Guam Pacific/Saipan
EAT Africa/Djibouti Africa/Asmara Africa/Addis_Ababa Africa/Nairobi Indian/Comoro Indian/Antananarivo
  Africa/Mogadishu Africa/Dar_es_Salaam Africa/Kampala Indian/Mayotte
EDT America/Nassau America/Toronto America/Iqaluit America/Port-au-Prince America/Grand_Turk America/New_York
  America/Detroit America/Kentucky/Louisville America/Kentucky/Monticello America/Indiana/Indianapolis
  America/Indiana/Vincennes America/Indiana/Winamac America/Indiana/Marengo America/Indiana/Petersburg
  America/Indiana/Vevay
EEST Europe/Mariehamn Europe/Sofia Asia/Nicosia Asia/Famagusta Europe/Tallinn Africa/Cairo Europe/Helsinki
  Europe/Athens Asia/Beirut Europe/Vilnius Europe/Riga Europe/Chisinau Asia/Gaza Asia/Hebron Europe/Bucharest
  Europe/Kyiv
EET Europe/Mariehamn Europe/Sofia Asia/Nicosia Asia/Famagusta Europe/Tallinn Africa/Cairo Europe/Helsinki
  Europe/Athens Asia/Beirut Europe/Vilnius Europe/Riga Africa/Tripoli Europe/Chisinau Asia/Gaza Asia/Hebron
  Europe/Bucharest Europe/Kaliningrad Europe/Kyiv
EST America/Nassau America/Toronto America/Iqaluit America/Atikokan America/Port-au-Prince America/Jamaica
  America/Cayman America/Cancun America/Panama America/Grand_Turk America/New_York America/Detroit
  America/Kentucky/Louisville America/Kentucky/Monticello America/Indiana/Indianapolis America/Indiana/Vincennes
  America/Indiana/Winamac America/Indiana/Marengo America/Indiana/Petersburg America/Indiana/Vevay
GMT Africa/Ouagadougou Africa/Abidjan Europe/London Europe/Guernsey Africa/Accra America/Danmarkshavn Africa/Banjul
  Africa/Conakry Africa/Bissau Europe/Dublin Europe/Isle_of_Man Atlantic/Reykjavik Europe/Jersey Africa/Monrovia
  Africa/Bamako Africa/Nouakchott Atlantic/St_Helena Africa/Freetown Africa/Dakar Africa/Sao_Tome Africa/Lome
HDT America/Adak
HKT Asia/Hong_Kong
HST America/Adak Pacific/Honolulu
IDT Asia/Jerusalem
IST Europe/Dublin Asia/Jerusalem Asia/Kolkata
JST Asia/Tokyo
KST Asia/Pyongyang Asia/Seoul
MDT America/Edmonton America/Cambridge_Bay America/Inuvik America/Ciudad_Juarez America/Denver America/Boise
MSK Europe/Moscow Europe/Simferopol Europe/Kirov Europe/Volgograd
MST America/Edmonton America/Cambridge_Bay America/Inuvik America/Creston America/Dawson_Creek America/Fort_Nelson
  America/Whitehorse America/Dawson America/Ciudad_Juarez America/Mazatlan America/Hermosillo America/Denver
  America/Boise America/Phoenix
NDT America/St_Johns
NST America/St_Johns
NZDT Antarctica/McMurdo Pacific/Auckland
NZST Antarctica/McMurdo Pacific/Auckland
PDT America/Vancouver America/Tijuana America/Los_Angeles
PKT Asia/Karachi
PST America/Vancouver America/Tijuana Asia/Manila America/Los_Angeles
SAST Africa/Maseru Africa/Mbabane Africa/Johannesburg
SST Pacific/Pago_Pago Pacific/Midway
WAT Africa/Luanda Africa/Porto-Novo Africa/Kinshasa Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Libreville
  Africa/Malabo Africa/Niamey Africa/Lagos Africa/Ndjamena
WEST Atlantic/Canary Atlantic/Faroe Europe/Lisbon Atlantic/Madeira
WET Atlantic/Canary Atlantic/Faroe Europe/Lisbon Atlantic/Madeira
WIB Asia/Jakarta Asia/Pontianak
WIT Asia/Jayapura
WITA Asia/Makassar
`;

/** `America/New_York` → EST, EDT. */
export const abbreviationsOf: ReadonlyMap<string, readonly string[]> = (() => {
  const of = new Map<string, string[]>();
  for (const [abbreviation, zones] of namedLines(byAbbreviation))
    for (const zone of zones) of.set(zone, [...(of.get(zone) ?? []), abbreviation]);
  return of;
})();

//! Countries as people write them, and their codes.
//!
//! Rules compare ISO 3166-1 alpha-2 codes; lists say "Germany". Only names seen on lists are
//! here, in the languages they are seen in; whatever is not here stays as it was written.

use baton_core::text::squashed;

/// The code of a country, if we know its name. Two letters are taken for a code, but for "UK".
pub fn code(text: &str) -> Option<String> {
    let name = squashed(text);
    let known = NAMES.iter().find(|(_, names)| names.split(' ').any(|known| known == name));
    match known {
        Some((code, _)) => Some((*code).to_owned()),
        None if name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            Some(name.to_uppercase())
        }
        None => None,
    }
}

/// Codes and the names for them, as [`squashed`] leaves them.
const NAMES: &[(&str, &str)] = &[
    ("AE", "unitedarabemirates uae"),
    ("AR", "argentina argentinien argentine"),
    ("AT", "austria österreich autriche"),
    ("AU", "australia australien"),
    ("BE", "belgium belgien belgique belgië"),
    ("BG", "bulgaria bulgarien"),
    ("BR", "brazil brasil brasilien brésil"),
    ("CA", "canada kanada"),
    ("CH", "switzerland schweiz suisse svizzera suiza"),
    ("CL", "chile"),
    ("CN", "china peoplesrepublicofchina prchina"),
    ("CO", "colombia kolumbien"),
    ("CY", "cyprus zypern"),
    ("CZ", "czechia czechrepublic tschechien tschechischerepublik česko"),
    ("DE", "germany deutschland allemagne alemania germania federalrepublicofgermany ger deu"),
    ("DK", "denmark dänemark danmark"),
    ("EE", "estonia estland"),
    ("EG", "egypt ägypten"),
    ("ES", "spain españa spanien espagne esp"),
    ("FI", "finland finnland suomi"),
    ("FR", "france frankreich francia fra"),
    (
        "GB",
        "unitedkingdom uk greatbritain england scotland wales northernireland \
         vereinigteskönigreich großbritannien royaumeuni reinounido gbr \
         unitedkingdomofgreatbritainandnorthernireland",
    ),
    ("GR", "greece griechenland"),
    ("HK", "hongkong hongkongsar"),
    ("HR", "croatia kroatien"),
    ("HU", "hungary ungarn"),
    ("ID", "indonesia indonesien"),
    ("IE", "ireland irland republicofireland"),
    ("IL", "israel"),
    ("IN", "india indien"),
    ("IS", "iceland island"),
    ("IT", "italy italia italien italie ita"),
    ("JP", "japan"),
    ("KE", "kenya"),
    ("KR", "southkorea republicofkorea korearepublicof südkorea"),
    ("LI", "liechtenstein"),
    ("LT", "lithuania litauen"),
    ("LU", "luxembourg luxemburg"),
    ("LV", "latvia lettland"),
    ("MA", "morocco marokko"),
    ("MT", "malta"),
    ("MX", "mexico méxico mexiko mexique mex"),
    ("MY", "malaysia"),
    ("NG", "nigeria"),
    ("NL", "netherlands thenetherlands holland niederlande nederland paysbas paísesbajos nld"),
    ("NO", "norway norwegen norge"),
    ("NZ", "newzealand neuseeland"),
    ("PE", "peru perú"),
    ("PH", "philippines philippinen"),
    ("PK", "pakistan"),
    ("PL", "poland polen polska"),
    ("PT", "portugal"),
    ("QA", "qatar katar"),
    ("RO", "romania rumänien"),
    ("RS", "serbia serbien"),
    ("RU", "russia russianfederation russland"),
    ("SA", "saudiarabia saudiarabien"),
    ("SE", "sweden schweden sverige"),
    ("SG", "singapore singapur"),
    ("SI", "slovenia slowenien"),
    ("SK", "slovakia slowakei"),
    ("TH", "thailand"),
    ("TR", "turkey türkiye türkei"),
    ("TW", "taiwan"),
    ("UA", "ukraine"),
    (
        "US",
        "unitedstates unitedstatesofamerica usa us america vereinigtestaaten \
         vereinigtestaatenvonamerika étatsunis estadosunidos",
    ),
    ("UY", "uruguay"),
    ("VN", "vietnam"),
    ("ZA", "southafrica südafrika"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_country_has_one_code_however_it_is_written() {
        for (text, code) in [
            ("Germany", "DE"),
            ("DEUTSCHLAND", "DE"),
            ("de", "DE"),
            ("UK", "GB"),
            ("U.S.A.", "US"),
            ("United States of America", "US"),
            ("Korea, Republic of", "KR"),
            ("Côte d'Ivoire", ""),
            ("Wakanda", ""),
        ] {
            assert_eq!(super::code(text).unwrap_or_default(), code, "{text}");
        }
    }

    #[test]
    fn every_name_is_written_as_it_is_compared_and_means_one_country() {
        let names: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.split(' ')).collect();
        assert!(names.iter().all(|name| squashed(name) == *name));
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}

//! Every type of establishment that the register has, with what it is in law.
//!
//! Codes and names: Get Information About Schools, `TypeOfEstablishment`, as met in extracts of
//! 2018 to 2026 and in the department's own code lists.

use super::{Kind, LegalStatus, LegalType, Setting};

pub const TYPES: &[LegalType] = &[
    row("1", "Community school", Kind::Community, Setting::Mainstream, LegalStatus::Maintained),
    row("2", "Voluntary aided school", Kind::VoluntaryAided, Setting::Mainstream, LegalStatus::Maintained),
    row("3", "Voluntary controlled school", Kind::VoluntaryControlled, Setting::Mainstream, LegalStatus::Maintained),
    row("5", "Foundation school", Kind::Foundation, Setting::Mainstream, LegalStatus::Maintained),
    row("6", "City technology college", Kind::CityTechnologyCollege, Setting::Mainstream, LegalStatus::OtherStateFunded),
    row("7", "Community special school", Kind::Community, Setting::Special, LegalStatus::Maintained),
    row("8", "Non-maintained special school", Kind::NonMaintainedSpecial, Setting::Special, LegalStatus::OtherStateFunded),
    row("10", "Other independent special school", Kind::Independent, Setting::Special, LegalStatus::Independent),
    row("11", "Other independent school", Kind::Independent, Setting::Mainstream, LegalStatus::Independent),
    row("12", "Foundation special school", Kind::Foundation, Setting::Special, LegalStatus::Maintained),
    row("14", "Pupil referral unit", Kind::PupilReferralUnit, Setting::AlternativeProvision, LegalStatus::Maintained),
    row("15", "Local authority nursery school", Kind::NurserySchool, Setting::Mainstream, LegalStatus::Maintained),
    row("18", "Further education", Kind::College, Setting::After16, LegalStatus::College),
    row("24", "Secure units", Kind::Other, Setting::AlternativeProvision, LegalStatus::Other),
    row("25", "Offshore schools", Kind::Other, Setting::Mainstream, LegalStatus::Other),
    row("26", "Service children's education", Kind::OtherGovernment, Setting::Mainstream, LegalStatus::OtherStateFunded),
    row("27", "Miscellaneous", Kind::Other, Setting::Mainstream, LegalStatus::Other),
    row("28", "Academy sponsor led", Kind::Sponsored, Setting::Mainstream, LegalStatus::Academy),
    row("29", "Higher education institutions", Kind::University, Setting::After16, LegalStatus::University),
    row("30", "Welsh establishment", Kind::Other, Setting::Mainstream, LegalStatus::Other),
    row("31", "Sixth form centres", Kind::College, Setting::After16, LegalStatus::College),
    row("32", "Special post 16 institution", Kind::College, Setting::After16, LegalStatus::College),
    row("33", "Academy special sponsor led", Kind::Sponsored, Setting::Special, LegalStatus::Academy),
    row("34", "Academy converter", Kind::Converter, Setting::Mainstream, LegalStatus::Academy),
    row("35", "Free schools", Kind::FreeSchool, Setting::Mainstream, LegalStatus::Academy),
    row("36", "Free schools special", Kind::FreeSchool, Setting::Special, LegalStatus::Academy),
    row("37", "British schools overseas", Kind::Other, Setting::Mainstream, LegalStatus::Other),
    row("38", "Free schools alternative provision", Kind::FreeSchool, Setting::AlternativeProvision, LegalStatus::Academy),
    row("39", "Free schools 16 to 19", Kind::FreeSchool, Setting::After16, LegalStatus::Academy),
    row("40", "University technical college", Kind::UniversityTechnicalCollege, Setting::Mainstream, LegalStatus::Academy),
    row("41", "Studio schools", Kind::StudioSchool, Setting::Mainstream, LegalStatus::Academy),
    row("42", "Academy alternative provision converter", Kind::Converter, Setting::AlternativeProvision, LegalStatus::Academy),
    row("43", "Academy alternative provision sponsor led", Kind::Sponsored, Setting::AlternativeProvision, LegalStatus::Academy),
    row("44", "Academy special converter", Kind::Converter, Setting::Special, LegalStatus::Academy),
    row("45", "Academy 16-19 converter", Kind::Converter, Setting::After16, LegalStatus::Academy),
    row("46", "Academy 16 to 19 sponsor led", Kind::Sponsored, Setting::After16, LegalStatus::Academy),
    row("47", "Children's centre", Kind::ChildrensCentre, Setting::Mainstream, LegalStatus::ChildrensCentre),
    row("48", "Children's centre linked site", Kind::ChildrensCentre, Setting::Mainstream, LegalStatus::ChildrensCentre),
    row("49", "Online provider", Kind::Other, Setting::Mainstream, LegalStatus::Other),
    row(
        "56",
        "Institution funded by other government department",
        Kind::OtherGovernment,
        Setting::Mainstream,
        LegalStatus::OtherStateFunded,
    ),
    row("57", "Academy secure 16 to 19", Kind::SecureAcademy, Setting::After16, LegalStatus::Academy),
];

const fn row(code: &'static str, name: &'static str, kind: Kind, setting: Setting, status: LegalStatus) -> LegalType {
    LegalType { code, name, kind, setting, status }
}

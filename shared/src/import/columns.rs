//! The columns that Samløp knows, and what offices call them.

/// A column that Samløp knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The whole name.
    Name,
    /// The given name, where the family name has a column of its own.
    GivenName,
    /// The family name.
    FamilyName,
    /// The phase.
    Phase,
    /// The day on which the track began.
    StartedOn,
    /// The language.
    Language,
    /// The contact at INN.
    InnContact,
    /// The contact at NAV.
    NavContact,
    /// The mail address.
    Email,
    /// The phone number.
    Phone,
    /// The goal.
    Goal,
    /// Why the participant left the track.
    Reason,
    /// Where it led.
    Outcome,
}

/// What offices call the columns in bokmål, nynorsk and English; the best name first.
pub(super) const SPELLINGS: [(Column, &[&str]); 13] = [
    (
        Column::Name,
        &[
            "Deltaker",
            "Deltakar",
            "Navn",
            "Namn",
            "Name",
            "Participant",
            "Deltakere",
            "Deltakarar",
            "Participants",
            "Fullt navn",
            "Fullt namn",
            "Full name",
            "Etternavn, fornavn",
            "Etternamn, fornamn",
            "Kandidat",
        ],
    ),
    (Column::GivenName, &["Fornavn", "Fornamn", "First name", "Given name"]),
    (Column::FamilyName, &["Etternavn", "Etternamn", "Last name", "Family name", "Surname"]),
    (Column::Phase, &["Fase", "Phase", "Steg", "Trinn", "Stage", "Status"]),
    (
        Column::StartedOn,
        &[
            "Startdato",
            "Start date",
            "Start",
            "Oppstartsdato",
            "Oppstart",
            "Startet",
            "Starta",
            "Started",
            "Start dato",
        ],
    ),
    (Column::Language, &["Språk", "Language", "Morsmål", "Mother tongue"]),
    (
        Column::InnContact,
        &[
            "INN-kontakt",
            "INN contact",
            "Kontakt INN",
            "Kontaktperson INN",
            "Programrådgiver",
            "Programrådgjevar",
            "Rådgiver",
            "Rådgjevar",
            "Adviser",
            "INN",
        ],
    ),
    (
        Column::NavContact,
        &[
            "NAV-kontakt",
            "NAV contact",
            "Kontakt NAV",
            "Kontaktperson NAV",
            "NAV-veileder",
            "NAV-rettleiar",
            "Veileder NAV",
            "NAV",
        ],
    ),
    (Column::Email, &["E-post", "E-mail", "E-postadresse", "Mail", "Mailadresse", "E-mail address"]),
    (
        Column::Phone,
        &[
            "Telefon",
            "Phone",
            "Telefonnummer",
            "Phone number",
            "Mobil",
            "Mobilnummer",
            "Mobile",
            "Tlf",
            "Tlf nr",
            "Telephone",
        ],
    ),
    (Column::Goal, &["Mål", "Goal", "Hovedmål", "Hovudmål", "Sluttmål"]),
    (
        Column::Reason,
        &[
            "Avslutningsårsak",
            "Closing reason",
            "Sluttårsak",
            "Årsak til avslutning",
            "Avslutningsgrunn",
            "Årsak",
            "Reason",
        ],
    ),
    (Column::Outcome, &["Utfall", "Outcome", "Resultat", "Result"]),
];

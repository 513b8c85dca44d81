using static Microsoft.ML.HLstm.Metrics.Captions.PtbRules;

namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>Abbreviations, which keep their full stop.</summary>
internal static class PtbAbbreviationRules
{
    private const string Dates = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thu|Thurs|Fri";
    private const string Places = "Ala|Ariz|Calif|Colo|Conn|Ct|Dak|Fla|Ga|Kans?|Ky|Md|Mich|Minn|Mo|Mont|Neb|Nev|Okla|Penn|Tenn|Va|Vt|Wisc?|Wyo|Blvd|Rd|Ave|Bldg|Mt|Ft";
    private const string Companies = "Inc|Cos?|Corp|Pp?t[ye]s?|Ltd|Plc|Rt|Bancorp|Bhd|Assn|Univ|Intl|Sys|Bros|Invt|Elec|Natl|M[ft]g|Dept|Cie|Assoc";
    private const string Titles = "Mrs?|Ms|Drs?|Profs?|Sens?|Reps?|Attys?|Lt|Col|Gen|Messrs|Govs?|Adm|Rev|Maj|Sgt|Cpl|Pvt|Capt|Ste?|Pres|Lieut|Hon|Brig|Co?mdr|Pfc|Spc|Supts?|Det|Adj|Adv|Asst|Ens|Insp|Mlle|Mme|Msgr|Sfc|Jr|Sr|Esq";
    private const string Others = @"(?:Ed|Ph)\.D|tel|est|ext|sq|etc|al|seq|vs|Alex|Wm|Jos|a\.k\.a|cf|TREAS|Ph";

    // Words, were it not for their capital.
    private const string Capitalised = "(?-i:A)(?:z|rk)|(?-i:D)el|(?-i:I)ll|(?-i:L)a|(?-i:M)(?:ass|iss)|(?-i:O)re|(?-i:P)a|(?-i:T)ex|(?-i:W)ash";
    private const string BeforeNumbers = "ca|figs?|prop|nos?|art|bldg|pp|op";

    // After an initial these words start a sentence.
    private const string SentenceStart = "(?-i:A)(?:bout|ccording|dditionally|fter|n|s|t)?|(?-i:B)ut|(?-i:E)arlier|(?-i:H)(?:ere?|owever|e)|(?-i:I)[fnt]|(?-i:L)ast|(?-i:M)(?:any|ore|[rs]\\.)|(?-i:N)ow|(?-i:O)(?:nce|ne|ther|ur)|(?-i:S)(?:he|ince|ome|o|uch)|(?-i:T)(?:hat|heir|hen|here|hese|hey|his|he)|(?-i:W)(?:hen|hile|hat|e)|(?-i:Y)(?:et|ou)";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PtbRule> Create(string acronym) =>
    [
        // "C. The" is an initial and an end; longer acronyms keep their stop, and the end that is written beside it is no word.
        Rule($@"[A-Za-z]\.(?=(?<next>[ \t\u00A0]+(?:{SentenceStart})[ \t\u00A0]))", putBack: 1),
        Rule($@"(?:{BeforeNumbers})\.(?=(?<next>[ \t\u00A0]?\p{{Nd}}))"),
        Rule($@"(?:{Dates}|{Places}|{Capitalised}|{Companies}|{Titles}|{Others}|{acronym})\."),
        Rule($@"(?:{acronym})(?=(?<next>[ \t\u00A0]|\z))"),
        Rule(@"['’\u0092]\p{Nd}\p{Nd}(?=(?<next>[ \t\u00A0]|\z))"),
    ];
}

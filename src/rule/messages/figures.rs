//! Texts to authors of key figures.

use super::{Said, say};
use crate::locale::Bilingual;

pub(crate) fn aggregate_not_here() -> Said {
    say(
        "her ses på én række ad gangen; der er ingen gruppe at regne over",
        "single rows are looked at here; there is no group to reckon over",
    )
    .advise("skriv count(x in ...) for rækker, en sti fører til", "write count(x in ...) for rows that a path leads to")
}

pub(crate) fn aggregate_in_aggregate() -> Said {
    say("en opgørelse kan ikke stå i en anden", "an aggregate cannot stand inside another")
        .advise("brug to trin: group og let", "use two stages: group and let")
}

pub(crate) fn not_aggregated() -> Said {
    say("værdien hører til hver enkelt række, ikke til gruppen", "the value belongs to each row, not to the group").advise(
        "skriv sum(...), mean(...), min(...), max(...) eller count(...)",
        "write sum(...), mean(...), min(...), max(...) or count(...)",
    )
}

pub(crate) fn group_alone() -> Said {
    say("gruppen «g» er ingen værdi", "the group «g» is no value")
        .advise("skriv g. og et navn fra group eller let", "write g. and a name of group or let")
}

pub(crate) fn no_group_value<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
    say(format!("gruppen har intet, der hedder «{word}»"), format!("the group has nothing called «{word}»"))
        .near_or_list(word, known)
}

pub(crate) fn group_key_shape() -> Said {
    say(
        "en nøgle i group skrives 'navn = udtryk', eller som en sti, der ender med sit navn",
        "a key of group is written 'name = expression', or as a path that ends in its name",
    )
}

pub(crate) fn needs_key(key: &str, other: &str) -> Said {
    say(format!("«{key}» kræver «{other}»"), format!("«{key}» needs «{other}»"))
}

pub(crate) fn share_shape() -> Said {
    say("share er true, \"total\" eller et udtryk over gruppen", "share is true, \"total\" or an expression over the group")
}

pub(crate) fn share_of_another_kind(part: &Bilingual, whole: &Bilingual) -> Said {
    say(
        format!("en andel kræver to tal af samme slags, ikke {} af {}", part.da, whole.da),
        format!("a share needs two figures of one kind, not {} of {}", part.en, whole.en),
    )
}

pub(crate) fn no_columns() -> Said {
    say("nøgletallet har ingen kolonner", "the key figure has no columns")
}

pub(crate) fn figure_needs_example() -> Said {
    say("nøgletallet har intet eksempel", "the key figure has no example")
        .advise("skriv et [[example]] med de celler, det skal give", "write an [[example]] with the cells it must give")
}

pub(crate) fn wrong_width(wants: usize, given: usize) -> Said {
    say(
        format!("en række har {wants} celler, nøgler først; her står {given}"),
        format!("a row has {wants} cells, keys first; here are {given}"),
    )
}

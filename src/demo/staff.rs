//! Who does the work: as many caseworkers as the open cases need, their leaders, and some who left.

use super::law::{self, day, days};
use super::people::{Register, Sex, surname};
use super::random::Random;
use super::record::{Municipality, Worker};

/// Cases that a worker of a team has when the team is full.
const FAMILY_LOAD: usize = 25;
const DISABILITY_LOAD: usize = 32;

/// The teams of the family department; those of the disability department.
const FAMILY: [&str; 4] = ["Familie Nord", "Familie Syd", "Ungeteam", "Anbringelsesteam"];
const DISABILITY: [&str; 1] = ["Børn med handicap"];

/// Hires caseworkers for the open cases and gives each case to one of them: brothers and sisters to the same one, closed cases
/// to anybody, also to those who left.
pub(super) fn hire(m: &mut Municipality, register: &mut Register, seed: u64) {
    let mut random = Random::part(seed, 1 << 41);
    for (disabled, load, teams, most) in [(false, FAMILY_LOAD, &FAMILY[..], 25), (true, DISABILITY_LOAD, &DISABILITY[..], 35)] {
        let is_ours = |kind: &str| (kind == "Handicapsag") == disabled;
        let open = m.cases.iter().filter(|c| c.closed.is_none() && is_ours(c.kind)).count();
        let first = m.workers.len();
        let wanted = open.div_ceil(load).max(1);
        for n in 0..wanted + wanted.div_ceil(8) {
            let left = n >= wanted;
            let team = teams[n % teams.len()];
            let worker = employ(register, &mut random, m.workers.len(), team, left, Some(most));
            m.workers.push(worker);
        }
        share_out(m, &mut random, first, wanted, is_ours);
    }
    for team in FAMILY.into_iter().chain(DISABILITY) {
        let mut leader = employ(register, &mut random, m.workers.len(), team, false, None);
        leader.position = "Teamleder";
        m.workers.push(leader);
    }
}

/// Gives each open case to the one of two workers who has fewer, and each closed one to anybody who was there until then; the
/// family of the case before keeps its worker. The first `there` workers from `first` on are still there.
fn share_out(m: &mut Municipality, random: &mut Random, first: usize, there: usize, is_ours: impl Fn(&str) -> bool) {
    let mut load = vec![0_usize; there];
    let mut before: Option<(String, usize)> = None;
    let Municipality { cases, workers, .. } = m;
    let all = workers.len() - first;
    for case in cases.iter_mut().filter(|c| is_ours(c.kind)) {
        let mut draw = |of: usize| random.between(0, of as i64 - 1) as usize;
        let (one, other, anybody) = (draw(there), draw(there), draw(all));
        let family = before.as_ref().filter(|(mother, _)| *mother == case.mother.cpr).map(|(_, worker)| *worker);
        let anybody =
            case.closed.filter(|closed| workers[first + anybody].until.is_none_or(|until| until >= *closed)).map(|_| anybody);
        let chosen = family.or(anybody).unwrap_or(if load[one] <= load[other] { one } else { other });
        if let (None, Some(load)) = (case.closed, load.get_mut(chosen)) {
            *load += 1;
        }
        case.worker = first + chosen;
        before = (chosen < there).then(|| (case.mother.cpr.clone(), chosen));
    }
}

fn employ(
    register: &mut Register,
    random: &mut Random,
    number: usize,
    team: &'static str,
    left: bool,
    cases: Option<i64>,
) -> Worker {
    let sex = if random.between(1, 6) == 1 { Sex::Male } else { Sex::Female };
    let born = days(day(1963, 1, 2), random.between(0, 36 * 365));
    let name = surname(random);
    let person = register.person(random, born, sex, &name);
    let (last, first) = (&name, &person.name);
    let letters = first.chars().take(2).chain(last.chars().take(2));
    let stem: String = letters.flat_map(char::to_uppercase).collect();
    let from = days(day(2012, 1, 2), random.between(0, 13 * 365)).start_of_month();
    let until = left.then(|| days(law::extract_date(), -random.between(30, 900)).end_of_month());
    let from = until.map_or(from, |until| from.min(law::months(until, -9).start_of_month()));
    Worker { initials: format!("{stem}{number}"), person, team, position: "Socialrådgiver", from, until, cases }
}

//! Rows by group, end to end in one vector.

/// The members of each group.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// Where each group ends; it begins where the one before it ends.
    ends: Vec<u32>,
    members: Vec<u32>,
}

impl Groups {
    /// Groups the numbers from 0 on by the group of each, rising; those of none are left out.
    pub(super) fn of(groups: impl Iterator<Item = Option<u32>> + Clone) -> Groups {
        Groups::of_pairs((0..).zip(groups).filter_map(|(member, group)| Some((group?, member))))
    }

    /// Groups the members of pairs of a group and a member, in the order in which they come.
    pub(super) fn of_pairs(pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Groups {
        let mut ends: Vec<u32> = Vec::new();
        for (group, _) in pairs.clone() {
            let group = group as usize;
            if group >= ends.len() {
                ends.resize(group + 1, 0);
            }
            ends[group] += 1;
        }
        // First where each begins; filling moves it to where it ends.
        let mut total = 0;
        for end in &mut ends {
            total += std::mem::replace(end, total);
        }
        let mut members = vec![0; total as usize];
        for (group, member) in pairs {
            let at = &mut ends[group as usize];
            members[*at as usize] = member;
            *at += 1;
        }
        Groups { ends, members }
    }

    /// The members of a group.
    pub(super) fn get(&self, group: u32) -> &[u32] {
        let group = group as usize;
        let Some(&end) = self.ends.get(group) else { return &[] };
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.members[start as usize..end as usize]
    }

    /// One past the last group that has members.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Where each group ends, and all members.
    pub(super) fn into_parts(self) -> (Vec<u32>, Vec<u32>) {
        (self.ends, self.members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_by_group_in_their_order() {
        let groups = Groups::of([Some(2), None, Some(0), Some(2)].into_iter());
        assert_eq!([0, 1, 2, 3].map(|group| groups.get(group).to_vec()), [vec![2], vec![], vec![0, 3], vec![]]);
        assert_eq!(groups.into_parts(), (vec![1, 1, 3], vec![2, 0, 3]));
        assert_eq!(Groups::of(std::iter::empty()).get(0), [0_u32; 0]);
    }
}

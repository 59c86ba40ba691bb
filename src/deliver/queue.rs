//! Which alert may be sent next: of each school only the oldest, and no school waits for another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use crate::store::deliveries::{Mark, Owed};

/// Alerts owed to one subscription, by school, in the order of the log.
#[derive(Debug, Default)]
pub struct Queue {
    schools: BTreeMap<u32, VecDeque<Owed>>,
    /// The oldest alert of each school that is not being sent: (due, sequence, school).
    heads: BTreeSet<(Timestamp, i64, u32)>,
    last: i64,
}

impl Queue {
    /// Add alerts, which must come in the order of the log and after those there are.
    pub fn add(&mut self, owed: impl IntoIterator<Item = Owed>) {
        for owed in owed {
            self.last = self.last.max(owed.seq);
            let school = self.schools.entry(owed.urn).or_default();
            if school.is_empty() {
                self.heads.insert((owed.next_at, owed.seq, owed.urn));
            }
            school.push_back(owed);
        }
    }

    /// The last sequence that was added.
    pub fn last(&self) -> i64 {
        self.last
    }

    pub fn len(&self) -> usize {
        self.schools.values().map(VecDeque::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.schools.is_empty()
    }

    /// The alert that is due longest; its school is then busy until [`Queue::done`].
    pub fn take(&mut self, now: Timestamp) -> Option<Owed> {
        let &head = self.heads.first()?;
        if head.0 > now {
            return None;
        }
        self.heads.remove(&head);
        self.schools.get(&head.2)?.front().copied()
    }

    /// When the next alert is due that is not being sent.
    pub fn due(&self) -> Option<Timestamp> {
        self.heads.first().map(|head| head.0)
    }

    /// A try of the school's oldest alert has ended and was committed.
    pub fn done(&mut self, urn: u32, mark: Mark) {
        let Some(school) = self.schools.get_mut(&urn) else { return };
        match (mark, school.front_mut()) {
            (Mark::Retry(at), Some(front)) => (front.next_at, front.attempts) = (at, front.attempts + 1),
            _ => drop(school.pop_front()),
        }
        match school.front() {
            Some(next) => drop(self.heads.insert((next.next_at, next.seq, urn))),
            None => drop(self.schools.remove(&urn)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    proptest! {
        /// Whatever fails, each school gets its alerts in order, never two at once, and all of them.
        #[test]
        fn order_is_kept_for_each_school_and_nothing_is_lost(
            schools in proptest::collection::vec(0u32..5, 1..60),
            fates in proptest::collection::vec(0u8..4, 1..200),
            width in 1usize..8,
        ) {
            let mut queue = Queue::default();
            let owed = |(n, urn): (usize, &u32)| Owed { seq: n as i64 + 1, urn: *urn, attempts: 0, next_at: at(0) };
            queue.add(schools.iter().enumerate().map(owed));
            prop_assert_eq!(queue.len(), schools.len());
            let (mut now, mut fate) = (0, fates.iter().cycle());
            let mut ended: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
            let mut busy: VecDeque<Owed> = VecDeque::new();
            while !queue.is_empty() {
                while busy.len() < width {
                    let Some(next) = queue.take(at(now)) else { break };
                    prop_assert!(busy.iter().all(|other| other.urn != next.urn));
                    busy.push_back(next);
                }
                match busy.pop_front() {
                    None => now = queue.due().unwrap().as_second(),
                    Some(sent) => {
                        let mark = match fate.next() {
                            Some(0) if sent.attempts < 5 => Mark::Retry(at(now + 7)),
                            Some(1) => Mark::Dead,
                            _ => Mark::Delivered,
                        };
                        if !matches!(mark, Mark::Retry(_)) {
                            ended.entry(sent.urn).or_default().push(sent.seq);
                        }
                        queue.done(sent.urn, mark);
                    }
                }
            }
            prop_assert_eq!(ended.values().map(Vec::len).sum::<usize>(), schools.len());
            prop_assert!(ended.values().all(|seqs| seqs.windows(2).all(|pair| pair[0] < pair[1])));
        }
    }

    #[test]
    fn a_failing_school_holds_up_only_itself() {
        let mut queue = Queue::default();
        queue.add([(1, 100), (2, 100), (3, 200)].map(|(seq, urn)| Owed { seq, urn, attempts: 0, next_at: at(0) }));
        assert_eq!(queue.take(at(0)).unwrap().seq, 1);
        queue.done(100, Mark::Retry(at(60)));
        assert_eq!(queue.take(at(1)).unwrap().seq, 3);
        queue.done(200, Mark::Delivered);
        assert_eq!(queue.take(at(1)), None);
        assert_eq!(queue.due(), Some(at(60)));
        assert_eq!(queue.take(at(60)).unwrap().seq, 1);
        queue.done(100, Mark::Dead);
        assert_eq!(queue.take(at(60)).unwrap().seq, 2);
    }
}

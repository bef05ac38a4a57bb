//! One sort for all lists: a sort of its own for each would be 10 kB of code apiece, for lists of a few entries.

use std::cmp::Ordering;

/// Puts a list in order; what is equal stays as it stood.
pub fn sort_by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if list.is_sorted_by(|one, other| compare(one, other).is_le()) {
        return;
    }
    let mut order = places(list.len(), &|one, other| match (list.get(one), list.get(other)) {
        (Some(one), Some(other)) => compare(one, other),
        _ => Ordering::Equal,
    });
    // each round of entries that change places among themselves, once
    for start in 0..list.len() {
        let mut at = start;
        while let Some(from) = order.get_mut(at).map(|place| std::mem::replace(place, at)).filter(|from| *from != start) {
            list.swap(at, from);
            at = from;
        }
    }
}

/// Puts a list in the order of a key.
pub fn sort_by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(list, |one, other| key(one).cmp(&key(other)));
}

/// For each entry of a list the place of the first that is equal to it.
pub fn firsts<T>(list: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Vec<usize> {
    let compare = |one: usize, other: usize| match (list.get(one), list.get(other)) {
        (Some(one), Some(other)) => compare(one, other),
        _ => Ordering::Equal,
    };
    first_places(list.len(), &compare)
}

fn first_places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut firsts = vec![0; count];
    for same in places(count, compare).chunk_by(|one, other| compare(*one, *other).is_eq()) {
        let first = same.first().copied().unwrap_or_default();
        same.iter().for_each(|at| firsts.get_mut(*at).into_iter().for_each(|place| *place = first));
    }
    firsts
}

/// The places of a list in its new order.
fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_stay_as_they_stood() {
        let mut list = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        sort_by_key(&mut list, |(key, _)| *key);
        assert_eq!(list, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
        let mut none: Vec<u8> = Vec::new();
        sort_by(&mut none, Ord::cmp);
        assert_eq!(none, []);
    }

    #[test]
    fn the_first_of_equal_ones() {
        assert_eq!(firsts(&["b", "a", "b", "c", "a"], Ord::cmp), [0, 1, 0, 3, 1]);
        assert!(firsts(&[] as &[u8], Ord::cmp).is_empty());
    }

    #[test]
    fn long_lists_are_sorted_too() {
        let mut list: Vec<u32> = (0..1000).map(|at| at * 7919 % 1000).collect();
        sort_by(&mut list, Ord::cmp);
        assert!(list.is_sorted());
    }
}

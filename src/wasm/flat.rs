//! An answer as one text and one list of numbers: object by object it would cost more than the whole check.
//!
//! The fields stand in the order of their declaration, without names: a text as its length in UTF-16 code units, a number
//! and a bool as they are, an option as 0 or as 1 and its value, a list as its length and its elements. A word of a fixed set is a
//! number from the second time on: see [`Known`].
//! `pkg-config/src/flat.ts` reads them in the same order.

use serde::de::value::Error;
use serde::ser::{Error as _, Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};

use crate::wire::Word;

/// The texts, one after another, and everything else; kept from answer to answer.
#[derive(Debug, Default)]
pub struct Flat {
    /// All texts.
    text: String,
    /// Where the texts stand and how many bytes they take; then lengths, numbers, bools.
    numbers: Vec<u32>,
    known: Known,
    /// Whether the text that comes is a word of a fixed set.
    fixed: bool,
}

/// The words of fixed sets, and texts kept with a document, that the reader has met, by the place where they are kept. Each is sent as its number; with
/// [`Known::NEW`] added, and then as a text, when it is sent for the first time; with the greatest of all where no number is free.
#[derive(Debug)]
struct Known {
    /// Place, length and number of each, at its place modulo [`Known::PLACES`] or behind that.
    slots: Vec<Option<(usize, usize, u32)>>,
    count: u32,
}

impl Default for Known {
    fn default() -> Self {
        Self { slots: vec![None; Self::PLACES + Self::NEAR], count: 0 }
    }
}

impl Known {
    /// Where the look for a word may begin.
    const PLACES: usize = 2048;
    /// How many slots are looked at for a word.
    const NEAR: usize = 16;
    /// Says with a number that its text follows.
    const NEW: u32 = 1 << 31;

    /// What is sent for a word, and whether the reader has met it.
    fn number(&mut self, word: &str) -> (u32, bool) {
        let (at, length) = (word.as_ptr().addr(), word.len());
        let first = at / 4 % Self::PLACES;
        for slot in self.slots.get_mut(first..first + Self::NEAR).unwrap_or_default() {
            match slot {
                Some((known, long, number)) if *known == at && *long == length => return (*number, true),
                Some(_) => {}
                None => {
                    *slot = Some((at, length, self.count));
                    self.count += 1;
                    return (Self::NEW + self.count - 1, false);
                }
            }
        }
        (u32::MAX, false)
    }
}

impl Flat {
    /// Has the reader learn all words anew: the documents have changed, which keep some.
    pub fn forget(&mut self) {
        self.known = Known::default();
    }

    /// Writes a value that is made of structs, lists, options, texts, numbers and bools, in the place of the one before, and
    /// answers where the numbers stand.
    ///
    /// # Errors
    /// Where it holds something else.
    pub fn write(&mut self, value: &impl Serialize) -> Result<*const u32, Error> {
        self.text.clear();
        self.numbers.clear();
        self.numbers.extend([0, 0]);
        value.serialize(&mut *self)?;
        for (number, said) in self.numbers.iter_mut().zip([self.text.as_ptr().addr(), self.text.len()]) {
            *number = u32::try_from(said).map_err(Error::custom)?;
        }
        Ok(self.numbers.as_ptr())
    }
}

/// Kinds of values that no answer holds.
macro_rules! none {
    ($($method:ident($($type:ty),*);)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<(), Error> {
            Err(Error::custom(concat!(stringify!($method), ": no answer holds such a value")))
        })*
    };
}

type Never = Impossible<(), Error>;

impl Serializer for &mut Flat {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeStruct = Self;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStructVariant = Never;

    none! {
        serialize_i8(i8); serialize_i16(i16); serialize_i32(i32); serialize_i64(i64); serialize_u8(u8); serialize_u16(u16);
        serialize_f32(f32); serialize_f64(f64); serialize_char(char); serialize_bytes(&[u8]); serialize_unit();
        serialize_unit_struct(&'static str); serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.serialize_u32(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.numbers.push(value);
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.serialize_u32(u32::try_from(value).map_err(Error::custom)?)
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        if std::mem::take(&mut self.fixed) {
            let (number, known) = self.known.number(value);
            self.numbers.push(number);
            if known {
                return Ok(());
            }
        }
        self.text.push_str(value);
        let units = if value.is_ascii() { value.len() } else { value.encode_utf16().count() };
        self.serialize_u64(units as u64)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_u32(0)
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        self.numbers.push(1);
        value.serialize(self)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Error> {
        let len = len.ok_or_else(|| Error::custom("a list of unknown length"))?;
        self.serialize_u64(len as u64)?;
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, name: &'static str, value: &T) -> Result<(), Error> {
        match name {
            Word::FIXED => self.fixed = true,
            Word::LOOSE => self.numbers.push(u32::MAX),
            _ => {}
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(self, _: &'static str, _: u32, name: &'static str, _: &T) -> Result<(), Error> {
        Err(Error::custom(name))
    }

    fn serialize_tuple(self, _: usize) -> Result<Never, Error> {
        Err(Error::custom("a tuple"))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Never, Error> {
        Err(Error::custom(name))
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, name: &'static str, _: usize) -> Result<Never, Error> {
        Err(Error::custom(name))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Never, Error> {
        Err(Error::custom("a map"))
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, name: &'static str, _: usize) -> Result<Never, Error> {
        Err(Error::custom(name))
    }
}

impl SerializeSeq for &mut Flat {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

impl SerializeStruct for &mut Flat {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

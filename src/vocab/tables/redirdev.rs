//! USB devices that are redirected from elsewhere, and which of them may be.

use super::chardev::HOST_SIDE;
use super::common::{ADDRESS, ALIAS, BOOT};
use super::pattern::{USB_CLASS, USB_ID, USB_VERSION, YES_NO};
use super::value::{Value, means, word};
use super::{Drivers, Element, any, element, maybe, optional, required};

const CHAPTER: &str = "redirected-devices";

/// `<redirdev>`.
pub static REDIRDEV: Element = element("redirdev", "a USB device that comes through a character device", CHAPTER)
    .since(0, 9, 5)
    .only(Drivers::QEMU)
    .attrs(&[required("bus", &USB, "its bus")])
    .children(&[maybe(&USB_BOOT), maybe(&ALIAS), maybe(&ADDRESS)])
    .also(&[&HOST_SIDE]);

static USB_BOOT: Element = BOOT.since(1, 0, 1);
static USB: Value = Value::Words(&[word("usb")]);

/// `<redirfilter>`.
pub static REDIRFILTER: Element = element("redirfilter", "which USB devices may be redirected; the first rule that fits decides", CHAPTER)
    .since(0, 9, 5)
    .only(Drivers::QEMU)
    .children(&[any(&USB_RULE)]);

static USB_RULE: Element = element("usbdev", "devices, and whether they may", CHAPTER).attrs(&[
    required("allow", &YES_NO, "whether they may"),
    optional("class", &RULE_CLASS, "their class; 0x08 is storage"),
    optional("vendor", &RULE_ID, "their vendor"),
    optional("product", &RULE_ID, "their product"),
    optional("version", &RULE_VERSION, "their revision"),
]);

static ANY_ONE: Value = Value::Words(&[means("-1", "any")]);
static RULE_CLASS: Value = Value::Either(&[&USB_CLASS, &ANY_ONE]);
static RULE_ID: Value = Value::Either(&[&USB_ID, &ANY_ONE]);
static RULE_VERSION: Value = Value::Either(&[&USB_VERSION, &ANY_ONE]);

#[cfg(test)]
mod tests {
    use crate::support::check;

    #[test]
    fn slips_are_found_at_their_token() {
        check(
            "none",
            &["structure-bad-value", "structure-missing-attribute", "structure-unknown-attribute"],
            "
<domain type='kvm'>
  <name>a</name><memory>1</memory><os><type>hvm</type></os>
  <devices>
    <redirdev bus='pci' type='spicevmc'/>
                   ^^^ error[structure-bad-value]: `pci` is no `bus` of `redirdev`; expected `usb`
    <redirfilter>
      <usbdev class='0x08' vendor='-1' product='0xbeef' version='2.56' allow='yes'/>
      <usbdev class='0x108' vendor='any'/>
       ^^^^^^ error[structure-missing-attribute]: `usbdev` lacks the attribute `allow`
                     ^^^^^ error[structure-bad-value]: `0x108` is no `class` of `usbdev`; expected `-1`, a number of two hexadecimal digits such as `0x08`
                                    ^^^ error[structure-bad-value]: `any` is no `vendor` of `usbdev`; expected `-1`, a number of four hexadecimal digits such as `0x1234`
    </redirfilter>
  </devices>
</domain>
",
        );
    }
}

mod fine;

use crate::support::{check_in, mended_in};

#[test]
fn two_primary_video_devices() {
    let fixture = r#"
<video>
  <model type='virtio' primary='yes'/>
</video>
<video>
  <model type='virtio' primary='yes'/>
                                ^^^ error[video-primary-repeated]: another video device is the primary one already
                                | fix: Make this one a further card (changes guest)
</video>
"#;
    check_in("kvm-q35", "devices", &["video-primary-repeated"], fixture);
    let mended = mended_in("kvm-q35", "devices", "video-primary-repeated", fixture);
    assert_eq!(mended, "- <model type='virtio' primary='yes'/>\n+ <model type='virtio'/>");
}

#[test]
fn no_video_device_and_yet_one() {
    let fixture = r#"
<video>
  <model type='none'/>
               ^^^^ error[video-none-not-alone]: a video device of model `none` stands beside others, and says that there is none
               | fix: Remove the `none`
</video>
<video>
  <model type='virtio'/>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-none-not-alone"], fixture);
    let mended = mended_in("kvm-q35", "devices", "video-none-not-alone", fixture);
    assert_eq!(mended, "- <model type='none'/>\n- <video>\n- </video>");
}

#[test]
fn a_further_card_that_can_only_be_the_first() {
    let fixture = r#"
<video>
  <model type='virtio'/>
</video>
<video>
  <model type='vga'/>
               ^^^ error[video-secondary-unfit]: `vga` can only be the primary video device, and this is a further one
               | fix: Use virtio (changes guest)
</video>
"#;
    check_in("kvm-q35", "devices", &["video-secondary-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "video-secondary-unfit", fixture);
    assert_eq!(mended, "- <model type='vga'/>\n+ <model type='virtio'/>");
}

#[test]
fn several_heads_on_a_card_that_has_one() {
    let fixture = r#"
<video>
  <model type='vga' heads='2'/>
                           ^ error[video-heads-unfit]: only `qxl` and `virtio` have several heads; another card has 1, not 2
                           | fix: Use 1 (changes guest)
</video>
"#;
    check_in("kvm-q35", "devices", &["video-heads-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "video-heads-unfit", fixture);
    assert_eq!(mended, "- <model type='vga' heads='2'/>\n+ <model type='vga' heads='1'/>");
}

#[test]
fn video_memory_of_an_odd_size() {
    let fixture = r#"
<video>
  <model type='vga' vram='512'/>
                          ^^^ error[video-memory-bad]: 512 KiB of video memory are less than the 1024 KiB that this card needs
                          | fix: Use 16384 (changes guest)
</video>
"#;
    check_in("kvm-q35", "devices", &["video-memory-bad"], fixture);
    let mended = mended_in("kvm-q35", "devices", "video-memory-bad", fixture);
    assert_eq!(mended, "- <model type='vga' vram='512'/>\n+ <model type='vga' vram='16384'/>");
}

#[test]
fn qxl_has_a_power_of_two() {
    let fixture = r#"
<video>
  <model type='qxl' vgamem='15000'/>
                            ^^^^^ error[video-memory-bad]: the VGA memory of `qxl` is a power of two in KiB, 15000 is none
                            | fix: Use 16384 (changes guest)
</video>
<video>
  <model type='qxl' vgamem='512'/>
                            ^^^ error[video-memory-bad]: 512 KiB of video memory are less than the 1024 KiB that this card needs
                            | fix: Use 16384 (changes guest)
</video>
"#;
    check_in("kvm-q35", "devices", &["video-memory-bad"], fixture);
}

#[test]
fn a_resolution_that_a_card_cannot_take() {
    let fixture = r#"
<video>
  <model type='cirrus'>
    <resolution x='1024' y='768'/>
     ^^^^^^^^^^ error[video-resolution-unfit]: this card has no resolution that one could choose; `vga`, `qxl`, `virtio` and `bochs` have
     | fix: Remove `<resolution>` (changes guest)
  </model>
</video>
"#;
    check_in("kvm-pc", "devices", &["video-resolution-unfit"], fixture);
    let mended = mended_in("kvm-pc", "devices", "video-resolution-unfit", fixture);
    assert_eq!(mended, "- <resolution x='1024' y='768'/>");
}

#[test]
fn zero_is_no_size() {
    let fixture = r#"
<video>
  <model type='vga'>
    <resolution x='0' y='600'/>
                   ^ error[video-resolution-unfit]: a width of 0 pixels is no resolution
  </model>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-resolution-unfit"], fixture);
}

#[test]
fn acceleration_that_a_card_does_not_have() {
    let fixture = r#"
<video>
  <model type='vga'>
    <acceleration accel3d='yes'/>
                           ^^^ error[video-acceleration-unfit]: 3D acceleration is a matter of `virtio`, this is another card
                           | fix: Use no (changes guest)
  </model>
</video>
"#;
    check_in("9.0.0:kvm-q35", "devices", &["video-acceleration-unfit"], fixture);
    let mended = mended_in("9.0.0:kvm-q35", "devices", "video-acceleration-unfit", fixture);
    assert_eq!(mended, "- <acceleration accel3d='yes'/>\n+ <acceleration accel3d='no'/>");
    let fine = "<video>\n<model type='vga'>\n<acceleration accel3d='yes'/>\n</model>\n</video>";
    check_in("kvm-q35", "devices", &["video-acceleration-unfit"], fine);
    check_in("none", "devices", &["video-acceleration-unfit"], fine);
    check_in("9.0.0:kvm-q35", "devices", &["video-acceleration-unfit"], &fine.replace("vga", "none"));
}

#[test]
fn acceleration_says_of_what() {
    let fixture = r#"
<video>
  <model type='virtio'>
    <acceleration/>
     ^^^^^^^^^^^^ error[video-acceleration-unfit]: nothing says what is accelerated
     | fix: Remove `<acceleration>` (changes guest)
  </model>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-acceleration-unfit"], fixture);
}

#[test]
fn other_cards_have_no_blobs_and_no_edid() {
    let fixture = r#"
<video>
  <model type='vga' blob='off'/>
                          ^^^ error[video-blob-without-memfd]: only a card of `virtio` shares blobs
                          | fix: Remove `blob` (changes guest)
</video>
<video>
  <model type='qxl' edid='on'/>
                          ^^ error[video-resolution-unfit]: this card has no EDID to tell of itself; `vga`, `virtio` and `bochs` have
                          | fix: Remove `edid` (changes guest)
</video>
"#;
    check_in("kvm-q35", "devices", &["video-blob-without-memfd", "video-resolution-unfit"], fixture);
    let old = "<video>\n<model type='virtio' blob='on'/>\n</video>\n<video>\n<model type='qxl' blob='on' edid='on'/>\n</video>";
    check_in("9.0.0:kvm-q35", "devices", &["video-blob-without-memfd", "video-resolution-unfit"], old);
}

#[test]
fn qemu_has_no_2d() {
    let fixture = r#"
<video>
  <model type='virtio'>
    <acceleration accel2d='yes'/>
                           ^^^ error[video-acceleration-unfit]: QEMU has no 2D acceleration
                           | fix: Use no (changes guest)
  </model>
</video>
<video>
  <model type='virtio'>
    <acceleration rendernode='/dev/dri/renderD128'/>
                              ^^^^^^^^^^^^^^^^^^^ error[video-acceleration-unfit]: a rendering device is named only for `<driver name='vhostuser'/>`; else `<gl>` of the graphics has it
  </model>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-acceleration-unfit"], fixture);
}

#[test]
fn a_process_that_draws_for_the_wrong_card() {
    let fixture = r#"
<memoryBacking>
  <source type='memfd'/>
  <access mode='shared'/>
</memoryBacking>
<devices>
<video>
  <driver name='vhostuser'/>
                ^^^^^^^^^ error[video-vhostuser-unfit]: `vhostuser` drives a `virtio` card alone
                | fix: Remove `name` (changes guest)
  <model type='vga'/>
</video>
</devices>
"#;
    check_in("kvm-q35", "", &["video-vhostuser-unfit"], fixture);
    let mended = mended_in("kvm-q35", "", "video-vhostuser-unfit", fixture);
    assert_eq!(mended, "- <driver name='vhostuser'/>\n+ <driver/>");
}

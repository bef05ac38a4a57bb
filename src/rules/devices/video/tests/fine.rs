use crate::support::{check_in, mended_in};

#[test]
fn it_is_fine_without_two_primary_video_devices() {
    let fixture = r#"
<video>
  <model type='virtio' primary='yes'/>
</video>
<video>
  <model type='virtio'/>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-primary-repeated"], fixture);
}

#[test]
fn it_is_fine_without_no_video_device_and_yet_one() {
    let fixture = r#"
<video>
  <model type='none'/>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-none-not-alone"], fixture);
}

#[test]
fn it_is_fine_without_a_further_card_that_can_only_be_the_first() {
    let fixture = r#"
<video>
  <model type='vga'/>
</video>
<video>
  <model type='virtio'/>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-secondary-unfit"], fixture);
}

#[test]
fn it_is_fine_without_video_memory_of_an_odd_size() {
    let fixture = r#"
<video>
  <model type='vga' vram='16384'/>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-memory-bad"], fixture);
}

#[test]
fn it_is_fine_without_a_resolution_that_a_card_cannot_take() {
    let fixture = r#"
<video>
  <model type='vga'>
    <resolution x='1024' y='768'/>
  </model>
</video>
"#;
    check_in("kvm-pc", "devices", &["video-resolution-unfit"], fixture);
}

#[test]
fn a_virtio_card_has_heads_and_acceleration() {
    let fixture = r#"
<video>
  <model type='virtio' heads='2'>
    <acceleration accel3d='yes'/>
  </model>
</video>
"#;
    check_in("kvm-q35", "devices", &["video-acceleration-unfit", "video-heads-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_process_that_draws_for_the_wrong_card() {
    let fixture = r#"
<memoryBacking>
  <source type='memfd'/>
  <access mode='shared'/>
</memoryBacking>
<devices>
<video>
  <driver name='vhostuser'/>
  <model type='virtio'/>
</video>
</devices>
"#;
    check_in("kvm-q35", "", &["video-vhostuser-unfit"], fixture);
}

#[test]
fn blobs_are_shared_memory() {
    let fixture = r#"
<video>
  <model type='virtio' blob='on'/>
                             ^^ error[video-blob-without-memfd]: blobs are pages of the guest's memory, shared with the host: `<source type='memfd'/>` in `<memoryBacking>` is missing
                             | fix: Use off (changes guest)
</video>
"#;
    check_in("kvm-q35", "devices", &["video-blob-without-memfd"], fixture);
    let mended = mended_in("kvm-q35", "devices", "video-blob-without-memfd", fixture);
    assert_eq!(mended, "- <model type='virtio' blob='on'/>\n+ <model type='virtio' blob='off'/>");
}

#[test]
fn a_memfd_is() {
    let backing = "<memoryBacking>\n<source type='memfd'/>\n</memoryBacking>";
    let video = "<video>\n<model type='virtio' blob='on'/>\n</video>";
    let fixture = format!("{backing}\n<devices>\n{video}\n</devices>");
    check_in("kvm-q35", "", &["video-blob-without-memfd"], &fixture);
}

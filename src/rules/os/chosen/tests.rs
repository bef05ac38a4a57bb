use crate::support::{check_in, mended_in};

const CODES: &[&str] = &[
    "firmware-choice-mixed",
    "firmware-features-manual",
    "firmware-keys-without-secure-boot",
    "loader-path-missing",
    "nvram-unfit",
    "nvram-source-unfit",
];

/// A domain with that `<os>`, whose lines are indented.
fn domain(os: &str) -> String {
    format!("<domain type='qemu'>\n{}\n  <features><acpi/></features>\n</domain>", os.trim_matches('\n'))
}

#[test]
fn before_9_2_0_what_libvirt_chooses_is_not_described_as_well() {
    let fixture = domain(
        r#"
  <os firmware='efi'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader readonly='yes'/>
            ^^^^^^^^ error[firmware-choice-mixed]: libvirt chooses the firmware by `firmware='efi'`, so that `readonly` may not be said
            | fix: Remove `readonly`
  </os>"#,
    );
    check_in("9.0.0:qemu-q35", "", CODES, &fixture);
    assert_eq!(mended_in("9.0.0:qemu-q35", "", "firmware-choice-mixed", &fixture), "- <loader readonly='yes'/>\n+ <loader/>");
}

#[test]
fn a_path_may_be_meant() {
    let fixture = domain(
        r#"
  <os firmware='efi'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader>/opt/fw.fd</loader>
            ^^^^^^^^^^ error[firmware-choice-mixed]: libvirt chooses the firmware by `firmware='efi'`, so that its path may not be said
            | fix: Name the firmware alone
            | fix: Let libvirt choose (changes guest)
  </os>"#,
    );
    check_in("9.0.0:qemu-q35", "", CODES, &fixture);
    assert_eq!(mended_in("9.0.0:qemu-q35", "", "firmware-choice-mixed", &fixture), "- <os firmware='efi'>\n+ <os>");
}

#[test]
fn newer_versions_look_for_what_fits() {
    let fixture = domain(
        r#"
  <os firmware='efi'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader readonly='yes' type='pflash'>/opt/fw.fd</loader>
    <nvram template='/opt/vars.fd'/>
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    check_in("none", "", CODES, &fixture);
}

#[test]
fn features_are_for_firmware_that_is_chosen() {
    let fixture = domain(
        r#"
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <firmware>
     ^^^^^^^^ error[firmware-features-manual]: features are for firmware that libvirt chooses, and `<os>` has no `firmware` that lets it
     | fix: Remove `<firmware>`
     | fix: Let libvirt choose an efi firmware (changes guest)
      <feature enabled='no' name='secure-boot'/>
    </firmware>
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    assert_eq!(
        mended_in("qemu-q35", "", "firmware-features-manual", &fixture),
        "- <firmware>\n- <feature enabled='no' name='secure-boot'/>\n- </firmware>"
    );
}

#[test]
fn keys_need_secure_boot() {
    let fixture = domain(
        r#"
  <os firmware='efi'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <firmware>
      <feature enabled='yes' name='enrolled-keys'/>
                        ^^^ error[firmware-keys-without-secure-boot]: keys cannot be enrolled where Secure Boot is ruled out
                        | fix: Ask for Secure Boot (changes guest)
                        | fix: Ask for no enrolled keys (changes guest)
      <feature enabled='no' name='secure-boot'/>
    </firmware>
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    let mended = mended_in("qemu-q35", "", "firmware-keys-without-secure-boot", &fixture);
    assert_eq!(mended, "- <feature enabled='no' name='secure-boot'/>\n+ <feature enabled='yes' name='secure-boot'/>");
    let alone = "  <os firmware='efi'>\n    <type arch='x86_64' machine='q35'>hvm</type>\n    <firmware><feature enabled='yes' name='enrolled-keys'/></firmware>\n  </os>";
    check_in("qemu-q35", "", CODES, &domain(alone));
}

#[test]
fn a_store_alone_is_no_firmware() {
    let fixture = domain(
        r#"
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <nvram>/opt/vars.fd</nvram>
     ^^^^^ error[loader-path-missing]: `<nvram>` stands without a firmware: no loader has a path, and `<os>` no `firmware`
     | fix: Let libvirt choose an efi firmware (changes guest)
     | fix: Remove `<nvram>` (changes guest)
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    assert_eq!(mended_in("qemu-q35", "", "loader-path-missing", &fixture), "- <os>\n+ <os firmware='efi'>");
}

#[test]
fn a_stateless_loader_keeps_nothing() {
    let fixture = domain(
        r#"
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='pflash' stateless='yes'>/opt/fw.fd</loader>
    <nvram>/opt/vars.fd</nvram>
     ^^^^^ error[nvram-unfit]: a stateless loader has no place for variables
     | fix: Remove `<nvram>`
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    assert_eq!(mended_in("qemu-q35", "", "nvram-unfit", &fixture), "- <nvram>/opt/vars.fd</nvram>");
}

#[test]
fn a_rom_keeps_nothing() {
    let fixture = domain(
        r#"
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='rom' stateless='no'>/opt/fw.bin</loader>
                                  ^^ error[nvram-unfit]: a loader of the type `rom` keeps no variables: only `pflash` does
                                  | fix: Remove `stateless`
  </os>"#,
    );
    check_in("9.0.0:qemu-q35", "", CODES, &fixture);
    let mended = mended_in("9.0.0:qemu-q35", "", "nvram-unfit", &fixture);
    assert_eq!(mended, "- <loader type='rom' stateless='no'>/opt/fw.bin</loader>\n+ <loader type='rom'>/opt/fw.bin</loader>");

    check_in("qemu-q35", "", CODES, &plain(&fixture));
}

#[test]
fn what_is_written_to_keeps_its_variables() {
    let fixture = domain(
        r#"
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='pflash' readonly='no'>/opt/fw.fd</loader>
    <nvram>/opt/vars.fd</nvram>
     ^^^^^ error[nvram-unfit]: a loader that can be written keeps its variables itself
     | fix: Remove `<nvram>`
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    check_in("9.0.0:qemu-q35", "", CODES, &plain(&fixture));
    let fixture = domain(
        r#"
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='pflash' stateless='yes'>/opt/fw.fd</loader>
    <nvram/>
     ^^^^^ error[nvram-unfit]: a stateless loader has no place for variables
     | fix: Remove `<nvram>`
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    check_in("9.0.0:qemu-q35", "", CODES, &plain(&fixture));
}

/// A fixture without its marks.
fn plain(fixture: &str) -> String {
    fixture.lines().filter(|line| !line.contains("^^") && !line.contains("| fix")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_bios_keeps_nothing() {
    let fixture = domain(
        r#"
  <os firmware='bios'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <nvram>/opt/vars.fd</nvram>
     ^^^^^ error[nvram-unfit]: firmware of the kind `bios` has no place for variables
     | fix: Remove `<nvram>`
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    let fixture = domain(
        r#"
  <os firmware='bios'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader stateless='no'/>
                       ^^ error[nvram-unfit]: firmware of the kind `bios` keeps no variables
                       | fix: Remove `stateless`
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
}

#[test]
fn variables_are_kept_in_a_file_or_a_disk() {
    let fixture = domain(
        r#"
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='pflash' readonly='yes'>/opt/fw.fd</loader>
    <nvram type='volume'>
                 ^^^^^^ error[nvram-source-unfit]: variables cannot be kept in a source of the type `volume`
      <source pool='default' volume='vars'/>
    </nvram>
  </os>"#,
    );
    check_in("qemu-q35", "", CODES, &fixture);
    check_in(
        "qemu-q35",
        "",
        CODES,
        &fixture
            .replace("volume'>", "file'>")
            .replace("pool='default' volume='vars'", "file='/v'")
            .lines()
            .filter(|line| !line.contains("^^^"))
            .collect::<Vec<_>>()
            .join("\n"),
    );
}

#![doc = "Tells what libvirt will make of a domain XML."]

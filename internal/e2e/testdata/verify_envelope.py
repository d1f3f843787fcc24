"""Verifies an SNS envelope as its receiver does, twice: with the openssl command
and with the arithmetic of RSA. Reads the envelope from the file named first;
prints its type and SignatureVersion."""
import base64
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import urllib.request

KEYS = {
    "Notification": ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
    "SubscriptionConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
    "UnsubscribeConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
}
HASHES = {"1": "sha1", "2": "sha256"}
# What PKCS#1 v1.5 puts before the digest (RFC 8017, 9.2).
PREFIXES = {"sha1": "3021300906052b0e03021a05000414", "sha256": "3031300d060960864801650304020105000420"}


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, text=True).stdout


with open(sys.argv[1], encoding="utf-8") as file:
    envelope = json.load(file)
certificate = tempfile.NamedTemporaryFile(suffix=".pem")
certificate.write(urllib.request.urlopen(envelope["SigningCertURL"]).read())
certificate.flush()
signed = "".join(f"{key}\n{envelope[key]}\n" for key in KEYS[envelope["Type"]] if key in envelope).encode()
signature = base64.b64decode(envelope["Signature"], validate=True)
name = HASHES[envelope["SignatureVersion"]]

with tempfile.NamedTemporaryFile() as key, tempfile.NamedTemporaryFile() as text, tempfile.NamedTemporaryFile() as sig:
    for file, content in (key, openssl("x509", "-in", certificate.name, "-pubkey", "-noout").encode()), (text, signed), (sig, signature):
        file.write(content)
        file.flush()
    openssl("dgst", "-" + name, "-verify", key.name, "-signature", sig.name, text.name)

modulus = int(openssl("x509", "-in", certificate.name, "-modulus", "-noout").strip().removeprefix("Modulus="), 16)
exponent = int(re.search(r"Exponent: (\d+)", openssl("x509", "-in", certificate.name, "-text", "-noout")).group(1))
size = (modulus.bit_length() + 7) // 8
digest = bytes.fromhex(PREFIXES[name]) + hashlib.new(name, signed).digest()
want = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
got = pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big")
if got != want:
    sys.exit("the signature does not fit the text")
print(envelope["Type"], envelope["SignatureVersion"])

import subprocess
from datetime import UTC, datetime

import gnupg
import pytest

from world.ed25519 import public_key, sign
from world.openpgp import Certification, SigningKey

OLD = SigningKey(b"o" * 32, "quillfoot <k1@example.invalid>", datetime(2015, 3, 1, tzinfo=UTC))
NEW = SigningKey(b"n" * 32, "quillfoot <k2@example.invalid>", datetime(2017, 8, 1, tzinfo=UTC))
AT = datetime(2017, 8, 2, tzinfo=UTC)


@pytest.fixture
def gpg(tmp_path):
    tmp_path.chmod(0o700)
    return gnupg.GPG(gnupghome=str(tmp_path), options=["--no-autostart"])


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e397"
            "01cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f361"
            "3d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_signatures_are_those_of_the_standard(seed, public, message, signature):
    """RFC 8032, section 7.1, tests 1 and 2."""
    secret = bytes.fromhex(seed)
    assert public_key(secret).hex() == public
    assert sign(secret, public_key(secret), bytes.fromhex(message)).hex() == signature


def test_gnupg_reads_a_key_and_finds_the_fingerprint_that_we_state(gpg):
    assert gpg.import_keys(OLD.block()).fingerprints == [OLD.fingerprint]
    assert gpg.list_keys()[0]["uids"] == ["quillfoot <k1@example.invalid>"]


def test_gnupg_verifies_what_a_key_signed_and_nothing_else(gpg):
    gpg.import_keys(OLD.block())
    message = OLD.sign("I am quillfoot on harbour.\n- and this line begins with a dash ", AT)
    checked = gpg.verify(message)
    assert checked.valid
    assert checked.pubkey_fingerprint == OLD.fingerprint
    assert not gpg.verify(message.replace("harbour", "lantern")).valid


def test_gnupg_finds_that_the_old_key_certified_the_new_one(gpg, tmp_path):
    gpg.import_keys(OLD.block())
    gpg.import_keys(NEW.block([Certification(OLD, AT)]))
    command = ["gpg", "--homedir", str(tmp_path), "--no-autostart", "--with-colons"]
    asked = [*command, "--check-signatures", NEW.fingerprint]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = [line.split(":") for line in listed.splitlines() if line.startswith("sig:")]
    assert {(line[1], line[4]) for line in found} == {
        ("!", OLD.fingerprint[-16:]),
        ("!", NEW.fingerprint[-16:]),
    }


def test_one_seed_gives_one_key_to_the_byte():
    again = SigningKey(OLD.seed, OLD.user_id, OLD.created_at)
    assert again.block() == OLD.block()
    assert again.sign("the same words", AT) == OLD.sign("the same words", AT)
    assert NEW.fingerprint != OLD.fingerprint

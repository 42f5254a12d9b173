"""证书 (certificate): what makes the address secure. One given and looked at first, or one made here and kept with the site."""

import datetime
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shudao.engine.words import BadInput, Words

LIFE = datetime.timedelta(days=397)
"""What browsers accept at most."""
RENEW = datetime.timedelta(days=30)
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Pair:
    """证书与私钥 (certificate and key), where they lie, for which names, until when."""

    certificate: Path
    key: Path
    names: tuple[str, ...]
    until: datetime.datetime
    fingerprint: str


def given(certificate: Path, key: Path) -> Pair:
    """The pair that somebody brought. BadInput when it cannot be read or does not fit together."""
    found = _read(certificate)
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm, OSError) as fault:
        mend = Words(zh="要 PEM 格式、没有口令的私钥", en="give a PEM key without a passphrase")
        raise BadInput(Words(zh="私钥读不了", en="the key cannot be read"), where=str(key), mend=mend) from fault
    if _public(private.public_key()) != _public(found.public_key()):
        mend = Words(zh="成对给出同一次签发的证书和私钥", en="give the certificate and the key it was issued for")
        raise BadInput(
            Words(zh="证书和私钥不是一对", en="certificate and key do not belong together"), where=str(key), mend=mend
        )
    return _pair(found, certificate, key)


def refuse_old(pair: Pair, now: datetime.datetime) -> None:
    """BadInput when it has run out."""
    if pair.until <= now:
        mend = Words(zh="换上新证书", en="give a new one")
        raise BadInput(Words(zh="证书已过期", en="the certificate has run out"), where=str(pair.certificate), mend=mend)


def self_signed(folder: Path, names: list[str], now: datetime.datetime) -> Pair:
    """A pair made here for these names, kept in the folder; made again when names change or it is about to run out."""
    certificate, key = folder / "tls" / "certificate.pem", folder / "tls" / "key.pem"
    wanted = tuple(dict.fromkeys([*(name.strip("[]") for name in names), "localhost", "127.0.0.1"]))
    found = _kept(certificate, key)
    if found and found.until > now + RENEW and set(wanted) <= set(found.names):
        return found
    certificate.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = ec.generate_private_key(ec.SECP256R1())
    made = _make(private, wanted, now)
    plain = serialization.NoEncryption()
    _write(key, private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain))
    _write(certificate, made.public_bytes(PEM))
    return _pair(made, certificate, key)


def _make(private: ec.EllipticCurvePrivateKey, names: tuple[str, ...], now: datetime.datetime) -> x509.Certificate:
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    builder = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(private.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + LIFE)
    builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(private, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _read(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (ValueError, OSError) as fault:
        mend = Words(zh="要 PEM 格式；有中间证书的，接在后面", en="give PEM; append intermediate certificates, if any")
        what = Words(zh="证书读不了", en="the certificate cannot be read")
        raise BadInput(what, where=str(path), mend=mend) from fault


def _kept(certificate: Path, key: Path) -> Pair | None:
    try:
        return given(certificate, key) if certificate.is_file() and key.is_file() else None
    except BadInput:
        return None


def _pair(found: x509.Certificate, certificate: Path, key: Path) -> Pair:
    try:
        other = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        names: list[str] = []
    else:
        names = [*other.get_values_for_type(x509.DNSName), *map(str, other.get_values_for_type(x509.IPAddress))]
    print_ = found.fingerprint(hashes.SHA256()).hex(":").upper()
    return Pair(certificate, key, tuple(names), found.not_valid_after_utc, print_)


def _public(key: object) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(PEM, form)  # type: ignore[attr-defined, no-any-return]


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner only."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)

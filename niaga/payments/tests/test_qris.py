"""QRIS: the company's static code, read, refused when it is damaged, and made dynamic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from niaga.payments.rules.qris import BadQris, Qris, checksum, made_dynamic, read_qris

D = Decimal


def tlv(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def code(*, name: str = "KOPI NUSANTARA", city: str = "SURABAYA", **changed: str) -> str:
    acquirer = tlv("00", "ID.CO.BANK.WWW") + tlv("01", "936000140000000001") + tlv("02", "000001") + tlv("03", "UMI")
    national = tlv("00", "ID.CO.QRIS.WWW") + tlv("02", "ID1020000000001") + tlv("03", "UMI")
    fields = {
        "00": "01", "01": "11", "26": acquirer, "51": national, "52": "5812", "53": "360", "58": "ID", "59": name,
        "60": city, "61": "60241", **{key.removeprefix("t"): value for key, value in changed.items()},
    }  # fmt: skip
    body = "".join(tlv(tag, value) for tag, value in fields.items() if value) + "6304"
    return body + checksum(body)


def test_the_checksum_is_crc_16_ccitt_false() -> None:
    assert checksum("123456789") == "29B1"  # the catalogue's check value
    assert checksum("") == "FFFF"


def test_an_emv_example_of_the_specification_has_its_checksum() -> None:
    body = (
        "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT"
        "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233"
        "449988770708123456786304"
    )

    crc = 0xFFFF  # over the UTF-8 bytes, as that example has Chinese letters
    for byte in body.encode():
        crc ^= byte << 8
        for _bit in range(8):
            crc = ((crc << 1) ^ 0x1021) & 0xFFFF if crc & 0x8000 else (crc << 1) & 0xFFFF

    assert f"{crc:04X}" == "A13A"


def test_a_static_code_tells_its_merchant() -> None:
    found = read_qris(f"  {code()}\n")

    assert (found.merchant, found.city, found.merchant_id) == ("KOPI NUSANTARA", "SURABAYA", "ID1020000000001")
    assert found.is_static
    assert found.text() == code()


def test_made_dynamic_it_says_the_amount_once_in_its_place() -> None:
    dynamic = made_dynamic(read_qris(code()), D("1234567.0000"))

    assert [tag for tag, _value in dynamic.fields] == ["00", "01", "26", "51", "52", "53", "54", "58", "59", "60", "61"]
    assert (dynamic.value("01"), dynamic.value("54")) == ("12", "1234567")
    assert read_qris(dynamic.text()) == dynamic
    assert made_dynamic(dynamic, D(5000)).value("54") == "5000"


def test_a_tip_that_the_customer_would_choose_is_left_out() -> None:
    assert made_dynamic(read_qris(code(t55="01")), D(5000)).value("55") == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "format"),
        ("0002", "fields"),
        ("00", "fields"),
        ("0002010102", "fields"),
        ("0099AB", "fields"),
        ("000201" + "0000" + "63041234", "fields"),
        ("٠٠٠٢٠١", "signs"),
        ("000201\x00", "signs"),
        (code()[:-1] + ("0" if code()[-1] != "0" else "1"), "checksum"),
        (code().replace("SURABAYA", "SURABAYO"), "checksum"),
        (code(t53="840"), "currency"),
        (code(t58="SG"), "country"),
        (code(t01="13"), "format"),
        (code(t00="02"), "format"),
        (code(name="K" * 26), "name"),
        (code(city=""), "name"),
        (code(t26="", t51=""), "merchant"),
        ("0" * 600, "long"),
        ("000201000201010211", "twice"),
    ],
)
def test_what_is_no_code_for_rupiah_is_refused_and_says_why(text: str, why: str) -> None:
    with pytest.raises(BadQris) as refused:
        read_qris(text)

    assert refused.value.code == why


@pytest.mark.parametrize("amount", [D(0), D(-1), D("0.5"), D("1000.01"), D(10) ** 13])
def test_only_whole_rupiah_can_be_asked_for(amount: Decimal) -> None:
    with pytest.raises(BadQris) as refused:
        made_dynamic(read_qris(code()), amount)

    assert refused.value.code == "amount"


_VALUE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=25).filter(str.strip)


@given(name=_VALUE, city=_VALUE.map(lambda text: text[:15]).filter(str.strip), amount=st.integers(1, 10**13 - 1))
def test_whatever_stands_in_a_code_comes_back_with_the_amount(name: str, city: str, amount: int) -> None:
    static = read_qris(code(name=name, city=city))

    dynamic = read_qris(made_dynamic(static, D(amount)).text())

    others = [(tag, value) for tag, value in dynamic.fields if tag not in ("01", "54")]
    assert others == [(tag, value) for tag, value in static.fields if tag != "01"]
    assert dynamic.value("54") == str(amount)


@given(st.text(max_size=120))
def test_hostile_text_is_refused_and_nothing_else(text: str) -> None:
    try:
        found = read_qris(text)
    except BadQris:
        return
    assert isinstance(found, Qris)


@given(place=st.integers(0, 400), sign=st.characters(min_codepoint=33, max_codepoint=126))
def test_a_single_changed_sign_is_noticed(place: int, sign: str) -> None:
    whole = code()
    place %= len(whole)
    if (whole[place].upper() == sign.upper() and place >= len(whole) - 4) or whole[place] == sign:
        return

    with pytest.raises(BadQris):
        read_qris(whole[:place] + sign + whole[place + 1 :])

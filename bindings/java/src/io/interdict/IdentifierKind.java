package io.interdict;

/** The kind of an identifier. */
public enum IdentifierKind {
    /** A passport number. */
    PASSPORT("passport"),
    /** A national identity number. */
    NATIONAL_ID("national_id"),
    /** A tax number. */
    TAX_NUMBER("tax_number"),
    /** The registration number of a company. */
    REGISTRATION_NUMBER("registration_number"),
    /** A Legal Entity Identifier. */
    LEI("lei"),
    /** A Business Identifier Code (SWIFT). */
    BIC("bic"),
    /** An IBAN or another number of an account. */
    IBAN("iban"),
    /** The IMO number of a ship or company. */
    IMO("imo"),
    /** The MMSI of a ship. */
    MMSI("mmsi"),
    /** A radio call sign. */
    CALL_SIGN("call_sign"),
    /** The tail number of an aircraft. */
    TAIL_NUMBER("tail_number"),
    /** The serial number of an aircraft. */
    AIRCRAFT_SERIAL_NUMBER("aircraft_serial_number"),
    /** The address of a wallet. */
    WALLET("wallet"),
    /** A number of unknown kind, which is compared with every kind. */
    UNSPECIFIED("identifier");

    private static final int FIRST_NUMBER = 5;

    private final String key;

    IdentifierKind(String key) {
        this.key = key;
    }

    /** The key of a party in JSON. */
    String key() {
        return key;
    }

    /** The number of the C interface. */
    int number() {
        return FIRST_NUMBER + ordinal();
    }
}

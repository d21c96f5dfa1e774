package io.interdict;

/** The kind of a party. */
public enum Schema {
    /** Not stated: compared with every kind. */
    UNKNOWN("Unknown"),
    /** A natural person. */
    PERSON("Person"),
    /** An organization of any kind: company, authority, armed group. */
    ORGANIZATION("Organization"),
    /** A commercial organization. */
    COMPANY("Company"),
    /** A person or an organization; the list does not say which. */
    LEGAL_ENTITY("LegalEntity"),
    /** A ship. */
    VESSEL("Vessel"),
    /** An aircraft. */
    AIRCRAFT("Aircraft"),
    /** An account on a distributed ledger. */
    CRYPTO_WALLET("CryptoWallet"),
    /** Any other listed object. */
    OTHER("Other");

    private static final Schema[] BY_NUMBER = values();

    private final String label;

    Schema(String label) {
        this.label = label;
    }

    /**
     * The word in the output of the program, such as {@code LegalEntity}.
     *
     * @return the word
     */
    public String label() {
        return label;
    }

    /** The kind with a number of the C interface; a later version's as {@link #OTHER}. */
    static Schema of(int number) {
        return number < BY_NUMBER.length ? BY_NUMBER[number] : OTHER;
    }
}

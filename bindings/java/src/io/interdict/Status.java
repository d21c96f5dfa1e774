package io.interdict;

/** Why a call failed: the statuses of the C interface. */
public enum Status {
    /** An argument is null. */
    NULL_POINTER(1),
    /** The screener is closed. */
    CLOSED(2),
    /** A text is not valid UTF-8. */
    INVALID_UTF8(3),
    /** A text is not valid JSON, or not of the form that is described. */
    INVALID_JSON(4),
    /** The party has nothing to screen: neither a name with a letter or digit, nor an identifier. */
    INVALID_PARTY(5),
    /** The configuration has an unknown key or a value out of range. */
    INVALID_CONFIG(6),
    /** An argument is out of its range. */
    INVALID_ARGUMENT(7),
    /** The operating system refused to read. */
    IO(8),
    /** A file is no list, a list is broken, not whole or too old, or all lists are empty. */
    INVALID_LIST(9),
    /** The index file is damaged or of another version: build it again. */
    INVALID_INDEX(10),
    /** A buffer is too short. */
    SHORT_BUFFER(11),
    /** The entity whose hit was to be explained is no hit of the party. */
    NO_HIT(12),
    /** A table cannot be screened. */
    INVALID_TABLE(13),
    /** A bug of the library. */
    INTERNAL(99);

    private final int number;

    Status(int number) {
        this.number = number;
    }

    /**
     * The number of the C interface.
     *
     * @return the number, which never changes
     */
    public int number() {
        return number;
    }

    /** The status with a number; a later version's as {@link #INTERNAL}. */
    static Status of(int number) {
        for (Status status : values()) {
            if (status.number == number) {
                return status;
            }
        }
        return INTERNAL;
    }
}

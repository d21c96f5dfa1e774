package io.interdict;

/** What a hit is based on. */
public enum MatchedBy {
    /** A listed name. */
    NAME("name"),
    /** A listed identifier. */
    IDENTIFIER("identifier"),
    /** Something that this version of the package has no word for. */
    OTHER("other");

    private final String label;

    MatchedBy(String label) {
        this.label = label;
    }

    /**
     * The word in the output of the program.
     *
     * @return the word
     */
    public String label() {
        return label;
    }

    /** What the C interface has a number for. */
    static MatchedBy of(int number) {
        return switch (number) {
            case 0 -> NAME;
            case 1 -> IDENTIFIER;
            default -> OTHER;
        };
    }
}

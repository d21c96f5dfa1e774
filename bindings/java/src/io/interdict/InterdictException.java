package io.interdict;

/** A call failed. The message is the library's: one line for a person that says what went wrong, and in which file. */
public final class InterdictException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why it failed. */
    private final Status status;

    InterdictException(Status status, String message) {
        super(message);
        this.status = status;
    }

    /**
     * Why the call failed.
     *
     * @return the status
     */
    public Status status() {
        return status;
    }
}

package io.interdict;

/**
 * The way to the native library. Requests and answers are those of the package interdict-jni; an answer begins with its status.
 */
interface Backend {
    byte[] open(byte[] request);

    byte[] reload(long screener, byte[] request);

    int free(long screener);

    byte[] screen(long screener, byte[] request);

    byte[] screenJson(long screener, byte[] request);

    byte[] explainJson(long screener, byte[] request);

    byte[] listsJson(long screener, byte[] request);

    byte[] paymentJson(long screener, byte[] request);

    /** Its name: {@code jni} or {@code ffm}. */
    String name();
}

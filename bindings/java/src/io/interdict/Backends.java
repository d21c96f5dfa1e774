package io.interdict;

/** Chooses the way to the native library. The jar has another version of this class for Java 22 and later. */
final class Backends {
    private Backends() {}

    static Backend choose() {
        String wanted = System.getProperty(NativeLibrary.BACKEND, "jni");
        if (!wanted.equals("jni")) {
            throw new IllegalArgumentException(NativeLibrary.BACKEND + " is '" + wanted + "'; this Java has jni alone");
        }
        return new JniBackend();
    }
}

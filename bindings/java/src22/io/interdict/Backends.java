package io.interdict;

/** Chooses the way to the native library, on Java 22 and later. */
final class Backends {
    private Backends() {}

    static Backend choose() {
        String wanted = System.getProperty(NativeLibrary.BACKEND, "ffm");
        return switch (wanted) {
            case "jni" -> new JniBackend();
            case "ffm" -> new FfmBackend();
            default -> throw new IllegalArgumentException(
                    NativeLibrary.BACKEND + " is '" + wanted + "', and neither jni nor ffm");
        };
    }
}

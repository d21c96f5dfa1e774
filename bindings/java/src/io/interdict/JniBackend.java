package io.interdict;

/** The native library through JNI. */
final class JniBackend implements Backend {
    JniBackend() {
        System.load(NativeLibrary.path().toString());
    }

    @Override
    public native byte[] open(byte[] request);

    @Override
    public native byte[] reload(long screener, byte[] request);

    @Override
    public native int free(long screener);

    @Override
    public native byte[] screen(long screener, byte[] request);

    @Override
    public native byte[] screenJson(long screener, byte[] request);

    @Override
    public native byte[] explainJson(long screener, byte[] request);

    @Override
    public native byte[] listsJson(long screener, byte[] request);

    @Override
    public native byte[] paymentJson(long screener, byte[] request);

    @Override
    public String name() {
        return "jni";
    }
}

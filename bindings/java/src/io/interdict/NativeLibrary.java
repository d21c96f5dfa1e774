package io.interdict;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Finds the native library: the file that the caller named, or the one in the jar. */
final class NativeLibrary {
    /** The system property that names the way to the library. */
    static final String BACKEND = "interdict.backend";

    /** The system property with the path of the library. */
    static final String LIBRARY = "interdict.library";

    private NativeLibrary() {}

    /** The file of the library; that of the jar is unpacked into a folder of its own, which is removed in the end. */
    static Path path() {
        String named = System.getProperty(LIBRARY);
        if (named != null) {
            return Path.of(named).toAbsolutePath();
        }
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + System.getProperty("os.arch");
        String resource = "/native/" + system.replace("amd64", "x86_64") + "/libinterdict_jni.so";
        try (InputStream library = NativeLibrary.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new UnsatisfiedLinkError("the jar has no library for " + system + " (" + resource
                        + "); build it there, or name one by the system property " + LIBRARY);
            }
            Path folder = Files.createTempDirectory("interdict-");
            Path file = folder.resolve("libinterdict_jni.so");
            // In the order in which they are not removed: last first.
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            Files.copy(library, file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the native library cannot be unpacked", e);
        }
    }
}

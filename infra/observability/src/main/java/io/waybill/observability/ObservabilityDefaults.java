package io.waybill.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The settings of logs and traces that all processes share; each process may have others. One that reads a file of its
 * own can also import {@code classpath:observability-defaults.properties} there.
 */
public final class ObservabilityDefaults {

    private static final String FILE = "/observability-defaults.properties";

    private ObservabilityDefaults() {}

    /** A copy of its own, for {@code SpringApplicationBuilder.properties}. */
    public static Properties properties() {
        var defaults = new Properties();
        try (var in = ObservabilityDefaults.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing on the class path");
            }
            defaults.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
        return defaults;
    }
}

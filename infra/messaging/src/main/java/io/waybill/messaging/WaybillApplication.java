package io.waybill.messaging;

import io.waybill.observability.ObservabilityDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts a context's Spring application with the settings that all contexts share. */
public final class WaybillApplication {

    private WaybillApplication() {}

    /**
     * Starts the application and returns when it is ready.
     *
     * @param context the context's name; its settings are read from {@code <context>.yml}
     * @param application the class with {@code @SpringBootApplication}
     * @param args command-line arguments, which override every other setting
     */
    public static ConfigurableApplicationContext start(String context, Class<?> application, String... args) {
        // Axon asks a server of its maker for updates unless this is set before its first class is loaded.
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("disable-axoniq-console-message", "true");
        Properties defaults = sharedDefaults();
        defaults.setProperty("spring.config.name", context);
        defaults.setProperty("waybill.context", context);
        defaults.setProperty("spring.application.name", context);
        defaults.setProperty("spring.flyway.locations", "classpath:db/messaging,classpath:db/" + context);
        return new SpringApplicationBuilder(application)
                .bannerMode(Banner.Mode.OFF)
                .properties(defaults)
                .run(args);
    }

    private static Properties sharedDefaults() {
        Properties defaults = ObservabilityDefaults.properties();
        try (InputStream in = WaybillApplication.class.getResourceAsStream("/waybill-defaults.properties")) {
            if (in == null) {
                throw new IllegalStateException("waybill-defaults.properties is missing on the class path");
            }
            defaults.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("waybill-defaults.properties cannot be read", e);
        }
        return defaults;
    }
}

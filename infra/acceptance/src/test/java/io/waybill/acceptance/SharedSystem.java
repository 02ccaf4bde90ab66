package io.waybill.acceptance;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * The system that most stories share: the one that {@code WAYBILL_ACCEPTANCE_URL} names, else one that is started for
 * them, and stopped when this JVM ends.
 */
final class SharedSystem {

    private SharedSystem() {}

    static RunningSystem get() {
        return setting("URL").<RunningSystem>map(Elsewhere::new).orElseGet(SharedSystem::standalone);
    }

    /** For stories about the process itself. */
    static Standalone standalone() {
        return Holder.STANDALONE;
    }

    /** Whether the stories' system is a child of this JVM. */
    static boolean isOurs() {
        return setting("URL").isEmpty();
    }

    /** Whether a partner that stays silent is given up while a story can wait for it. */
    static boolean losesPatienceSoon() {
        return isOurs() || setting("IMPATIENT").map(Boolean::parseBoolean).orElse(false);
    }

    /** {@code WAYBILL_ACCEPTANCE_<name>} of the environment, or the system property of the same name. */
    private static Optional<String> setting(String name) {
        String property = "waybill.acceptance." + name.toLowerCase(Locale.ROOT).replace('_', '-');
        return Optional.ofNullable(System.getProperty(property, System.getenv("WAYBILL_ACCEPTANCE_" + name)))
                .filter(value -> !value.isBlank());
    }

    /** Started when the first story asks for it. */
    private static final class Holder {

        private static final Standalone STANDALONE = start();

        private static Standalone start() {
            Standalone standalone = Standalone.inFreshFolder("shared");
            Runtime.getRuntime().addShutdownHook(new Thread(standalone::close, "stop-waybill"));
            standalone.start();
            return standalone;
        }
    }

    private record Elsewhere(String url) implements RunningSystem {

        @Override
        public URI gateway() {
            return URI.create(url);
        }

        @Override
        public String operatorPassword() {
            return setting("OPERATOR_PASSWORD").orElseThrow();
        }

        @Override
        public Optional<URI> context(String name) {
            return setting(name.toUpperCase(Locale.ROOT) + "_URL").map(URI::create);
        }

        @Override
        public boolean losesPatienceSoon() {
            return SharedSystem.losesPatienceSoon();
        }
    }
}

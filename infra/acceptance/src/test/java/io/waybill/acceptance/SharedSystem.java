package io.waybill.acceptance;

import io.waybill.testing.TestServers;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * The system that most stories share: the one that {@code WAYBILL_ACCEPTANCE_URL} names, else one that is started for
 * them, and stopped when this JVM ends. {@code WAYBILL_ACCEPTANCE_FORM} says in which form: {@code standalone}, which
 * is the default, or {@code distributed}.
 */
final class SharedSystem {

    /**
     * Held while a class tells its stories, because what some do, such as a replay, others would notice. Those whose
     * stories only wait share it.
     */
    static final String LOCK = "the shared system";

    private SharedSystem() {}

    static RunningSystem get() {
        return setting("URL").<RunningSystem>map(Elsewhere::new).orElseGet(SharedSystem::started);
    }

    /** For stories about the standalone process itself. */
    static Standalone standalone() {
        return InOneProcess.SYSTEM;
    }

    /** Whether stories are told of many processes. */
    static boolean isDistributed() {
        return form().equals("distributed");
    }

    private static String form() {
        return setting("FORM").orElse("standalone");
    }

    private static RunningSystem started() {
        String form = form();
        return switch (form) {
            case "standalone" -> standalone();
            case "distributed" -> InManyProcesses.SYSTEM;
            default -> throw new IllegalStateException("There is no form " + form + " of Waybill.");
        };
    }

    /** {@code WAYBILL_ACCEPTANCE_<name>} of the environment, or the system property of the same name. */
    private static Optional<String> setting(String name) {
        String property = "waybill.acceptance." + name.toLowerCase(Locale.ROOT).replace('_', '-');
        return Optional.ofNullable(System.getProperty(property, System.getenv("WAYBILL_ACCEPTANCE_" + name)))
                .filter(value -> !value.isBlank());
    }

    /** Started when the first story asks for it. */
    private static final class InOneProcess {

        private static final Standalone SYSTEM = start();

        private static Standalone start() {
            Standalone standalone = Standalone.inFreshFolder("shared");
            Runtime.getRuntime().addShutdownHook(new Thread(standalone::close, "stop-waybill"));
            standalone.start();
            return standalone;
        }
    }

    /** Started when the first story asks for it. */
    private static final class InManyProcesses {

        private static final Distributed SYSTEM = start();

        private static Distributed start() {
            Distributed distributed = Distributed.open("shared", TestServers.freshNamespace("stories"), Waits.SHORT);
            distributed.runAll();
            return distributed;
        }
    }

    /** Stories that are tagged {@code impatient} need one that was started with {@link Waits#SHORT}. */
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
        public Optional<Mails> mails() {
            return Optional.empty();
        }
    }
}

package io.waybill.testing;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Settles at its first use, once, where a server comes from: the environment's settings, else a container where a
 * container engine answers, else the embedded one. Settings that do not work are an error and never a reason to take
 * the next.
 */
final class ServerChoice<T> {

    private final String server;
    private final String variable;
    private final Function<String, T> fromSettings;
    private final Supplier<T> fromContainer;
    private final Supplier<T> embedded;

    private @Nullable T settled;

    ServerChoice(
            String server,
            String variable,
            Function<String, T> fromSettings,
            Supplier<T> fromContainer,
            Supplier<T> embedded) {
        this.server = server;
        this.variable = variable;
        this.fromSettings = fromSettings;
        this.fromContainer = fromContainer;
        this.embedded = embedded;
    }

    synchronized T settle(
            Function<String, @Nullable String> environment, BooleanSupplier containers, Consumer<String> told) {
        if (settled == null) {
            settled = choose(environment.apply(variable), containers, told);
        }
        return settled;
    }

    private T choose(@Nullable String settings, BooleanSupplier containers, Consumer<String> told) {
        if (settings != null && !settings.isBlank()) {
            return tell(told, fromSettings.apply(settings), "named by " + variable);
        }
        if (containers.getAsBoolean()) {
            return tell(told, fromContainer.get(), "in a container");
        }
        return tell(told, embedded.get(), "embedded");
    }

    private T tell(Consumer<String> told, T chosen, String origin) {
        told.accept("Waybill tests use " + server + " " + origin + ", " + chosen);
        return chosen;
    }
}

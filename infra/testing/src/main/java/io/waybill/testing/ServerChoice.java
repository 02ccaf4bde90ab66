package io.waybill.testing;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Settles at its first use, once, where a server comes from: the environment's settings, else a container where a
 * container engine answers, else the embedded one. What does not work is an error and never a reason to take the next;
 * it is not tried again, because an image that cannot be pulled takes minutes to say so.
 */
final class ServerChoice<T> {

    private final Names names;
    private final Function<String, T> fromSettings;
    private final Function<String, T> fromImage;
    private final Supplier<T> embedded;

    private @Nullable T settled;
    private @Nullable Failure failure;

    /**
     * What the choice goes by.
     *
     * @param server for people, such as {@code PostgreSQL}
     * @param variables the middle of the environment's variables, such as {@code POSTGRES}
     * @param image the container's image where the environment names none
     */
    record Names(String server, String variables, String image) {

        String urlVariable() {
            return "WAYBILL_TEST_" + variables + "_URL";
        }

        String imageVariable() {
            return "WAYBILL_TEST_" + variables + "_IMAGE";
        }
    }

    private record Failure(String message, RuntimeException cause) {

        IllegalStateException toException() {
            return new IllegalStateException(message, cause);
        }
    }

    ServerChoice(Names names, Function<String, T> fromSettings, Function<String, T> fromImage, Supplier<T> embedded) {
        this.names = names;
        this.fromSettings = fromSettings;
        this.fromImage = fromImage;
        this.embedded = embedded;
    }

    /** @throws IllegalStateException if the server cannot be had, now or at an earlier call; it says what to do */
    synchronized T settle(
            Function<String, @Nullable String> environment, BooleanSupplier containers, Consumer<String> told) {
        if (failure != null) {
            throw failure.toException();
        }
        if (settled == null) {
            settled = choose(environment, containers, told);
        }
        return settled;
    }

    private T choose(
            Function<String, @Nullable String> environment, BooleanSupplier containers, Consumer<String> told) {
        String url = environment.apply(names.urlVariable());
        if (url != null && !url.isBlank()) {
            String origin = "named by " + names.urlVariable();
            return tell(told, attempt(() -> fromSettings.apply(url), origin), origin);
        }
        if (containers.getAsBoolean()) {
            String image = imageOr(names.image(), environment.apply(names.imageVariable()));
            told.accept("Waybill tests start " + names.server() + " in a container of " + image);
            return tell(told, attempt(() -> fromImage.apply(image), "in a container of " + image), "in a container");
        }
        return tell(told, attempt(embedded, "embedded"), "embedded");
    }

    private static String imageOr(String usual, @Nullable String named) {
        return named == null || named.isBlank() ? usual : named;
    }

    private T attempt(Supplier<T> source, String origin) {
        try {
            return source.get();
        } catch (RuntimeException e) {
            failure = new Failure(
                    "Waybill tests cannot use " + names.server() + " " + origin + ". Name a running one by "
                            + names.urlVariable() + ", or an image that this machine has or can pull by "
                            + names.imageVariable() + ". The cause: " + e.getMessage(),
                    e);
            throw failure.toException();
        }
    }

    private T tell(Consumer<String> told, T chosen, String origin) {
        told.accept("Waybill tests use " + names.server() + " " + origin + ", " + chosen);
        return chosen;
    }
}

package io.waybill.gateway.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cache directives, whether they came as {@code Cache-Control} (RFC 9111, section 5.2) or as a field that is meant for
 * us (RFC 9213). What cannot be understood makes an answer older, never fresher.
 */
final class Directives {

    /** More seconds than anybody waits; RFC 9111 asks for at least 2^31. */
    static final long MOST_SECONDS = 1L << 31;

    static final Directives NONE = new Directives(Map.of());

    /** The arguments of each directive in the order of its occurrences; null where it came without one. */
    private final Map<String, List<@Nullable String>> arguments;

    private Directives(Map<String, List<@Nullable String>> arguments) {
        this.arguments = arguments;
    }

    static Directives ofCacheControl(HeaderLines headers) {
        var arguments = new LinkedHashMap<String, List<@Nullable String>>();
        for (var directive : headers.members("Cache-Control")) {
            var equals = directive.indexOf('=');
            var name = equals < 0 ? directive : directive.substring(0, equals);
            // White space around "=" is not allowed, so it spoils the argument.
            var argument = equals < 0 ? null : directive.substring(equals + 1);
            var spoilt = !name.equals(name.stripTrailing());
            arguments
                    .computeIfAbsent(name.strip().toLowerCase(Locale.ROOT), key -> new ArrayList<>())
                    .add(spoilt ? "" : unquoted(argument));
        }
        return new Directives(arguments);
    }

    /**
     * The field of RFC 9213, a dictionary of structured values; nothing where there is none, or none that can be
     * parsed, so that {@code Cache-Control} holds.
     */
    static @Nullable Directives ofTargeted(HeaderLines headers, String field) {
        var dictionary = StructuredDictionary.parse(headers.all(field));
        if (dictionary == null || dictionary.isEmpty()) {
            return null;
        }
        var arguments = new LinkedHashMap<String, List<@Nullable String>>();
        dictionary.forEach((name, value) -> {
            // A value of a type that the directive does not have makes it count as absent.
            var wantsNumber = Set.of("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error")
                    .contains(name);
            if (value instanceof Long seconds && wantsNumber) {
                arguments.put(name, List.of(Long.toString(seconds)));
            } else if (Boolean.TRUE.equals(value) && !wantsNumber) {
                var none = new ArrayList<@Nullable String>();
                none.add(null);
                arguments.put(name, none);
            } else if (value instanceof String fields && !wantsNumber) {
                arguments.put(name, List.of(fields));
            }
        });
        return new Directives(arguments);
    }

    private static @Nullable String unquoted(@Nullable String argument) {
        if (argument == null || argument.length() < 2 || !argument.startsWith("\"") || !argument.endsWith("\"")) {
            return argument;
        }
        return argument.substring(1, argument.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    boolean isEmpty() {
        return arguments.isEmpty();
    }

    boolean has(String name) {
        return arguments.containsKey(name);
    }

    /** Whether the directive is there and speaks of the whole answer, not only of some header fields. */
    boolean hasForAll(String name) {
        return arguments.getOrDefault(name, List.of()).stream().anyMatch(argument -> argument == null);
    }

    /** The header fields, in lower case, that a {@code no-cache} or {@code private} with an argument speaks of. */
    Set<String> fields(String name) {
        return arguments.getOrDefault(name, List.of()).stream()
                .filter(argument -> argument != null)
                .flatMap(argument -> ListSyntax.split(argument).stream())
                .map(field -> field.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The number of seconds; nothing without the directive. 0 where it is no number, or where the directive comes twice
     * and contradicts itself.
     */
    OptionalLong seconds(String name) {
        var values = arguments.get(name);
        if (values == null) {
            return OptionalLong.empty();
        }
        var distinct = values.stream().map(Directives::number).distinct().toList();
        return OptionalLong.of(distinct.size() == 1 ? distinct.getFirst() : 0);
    }

    /** Like {@link #seconds(String)}, but without a number there is no limit, as in {@code max-stale}. */
    OptionalLong secondsOrUnlimited(String name) {
        return hasForAll(name) ? OptionalLong.of(MOST_SECONDS) : seconds(name);
    }

    private static Long number(@Nullable String argument) {
        if (argument == null || argument.isEmpty() || !argument.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0L;
        }
        var digits = argument.replaceFirst("^0+(?=.)", "");
        return digits.length() > 10 ? MOST_SECONDS : Math.min(Long.parseLong(digits), MOST_SECONDS);
    }
}

package io.waybill.gateway.cache;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which stored answer was made for a request like this one (RFC 9111, section 4.1). */
final class Vary {

    /** Lists of preferences in which the order means nothing and neither does case. */
    private static final Set<String> PREFERENCES = Set.of("accept-language", "accept-encoding", "accept-charset");

    private static final Pattern QUALITY = Pattern.compile("\\s*;\\s*q\\s*=\\s*");

    private Vary() {}

    /** The request's normalised values of the fields that an answer's {@code Vary} names, in lower case. */
    record Selection(SortedMap<String, String> fields) {

        static final Selection NONE = new Selection(new TreeMap<>());

        boolean matches(HeaderLines request) {
            return fields.entrySet().stream()
                    .allMatch(field -> field.getValue().equals(normalised(field.getKey(), request)));
        }
    }

    /** An answer with {@code Vary: *} was made for one request only. */
    static boolean matchesNothing(HeaderLines answer) {
        return answer.members("Vary").contains("*");
    }

    static Selection selection(HeaderLines answer, HeaderLines request) {
        return new Selection(answer.members("Vary").stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .collect(Collectors.toMap(
                        name -> name, name -> normalised(name, request), (one, other) -> one, TreeMap::new)));
    }

    /** Absent and empty fields differ. */
    private static String normalised(String name, HeaderLines request) {
        if (!request.has(name)) {
            return "";
        }
        List<String> members = request.members(name);
        if (PREFERENCES.contains(name)) {
            members = members.stream()
                    .map(member -> QUALITY.matcher(member).replaceFirst(";q="))
                    .map(member -> member.toLowerCase(Locale.ROOT))
                    .map(Vary::withoutDefault)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
        return "=" + String.join(",", members);
    }

    private static String withoutDefault(String preference) {
        return preference.replaceFirst(";q=1(\\.0{0,3})?$", "");
    }

    /** Names a variant among those of one target. */
    static String id(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + ":" + field.getValue())
                .collect(Collectors.joining("\n"));
    }
}

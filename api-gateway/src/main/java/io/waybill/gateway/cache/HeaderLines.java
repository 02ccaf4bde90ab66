package io.waybill.gateway.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The header lines of a message in their order; names are compared without regard to case. */
record HeaderLines(List<Line> lines) {

    record Line(String name, String value) {

        String lowerName() {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    HeaderLines {
        lines = List.copyOf(lines);
    }

    /** Lines from names and values by turns. */
    static HeaderLines of(String... namesAndValues) {
        var lines = new ArrayList<Line>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            lines.add(new Line(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new HeaderLines(lines);
    }

    boolean has(String name) {
        return lines.stream().anyMatch(line -> line.name().equalsIgnoreCase(name));
    }

    /** The values of all lines of a name. */
    List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(Line::value)
                .toList();
    }

    /** The value of the first line of a name. */
    @Nullable
    String first(String name) {
        for (var line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                return line.value();
            }
        }
        return null;
    }

    /** The members of a list that may be spread over several lines. */
    List<String> members(String name) {
        return all(name).stream()
                .flatMap(value -> ListSyntax.split(value).stream())
                .toList();
    }

    /** Without the lines whose name, in lower case, is unwanted. */
    HeaderLines without(Predicate<String> unwanted) {
        return new HeaderLines(
                lines.stream().filter(line -> !unwanted.test(line.lowerName())).toList());
    }

    /** With one line of that name in place of all others. */
    HeaderLines with(String name, String value) {
        var changed =
                new ArrayList<>(without(name.toLowerCase(Locale.ROOT)::equals).lines());
        changed.add(new Line(name, value));
        return new HeaderLines(changed);
    }

    HeaderLines plus(HeaderLines more) {
        var all = new ArrayList<>(lines);
        all.addAll(more.lines());
        return new HeaderLines(all);
    }
}

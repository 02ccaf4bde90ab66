package io.waybill.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The schedule of a run in words; kept only where somebody is going to read it. */
final class Journal {

    private static final String SAME_IN_ALL_IDS = "00000000-0000-7000-8000-";

    private final @Nullable List<String> lines;

    private Journal(@Nullable List<String> lines) {
        this.lines = lines;
    }

    static Journal off() {
        return new Journal(null);
    }

    static Journal kept() {
        return new Journal(new ArrayList<>());
    }

    void note(Supplier<String> what) {
        if (lines != null) {
            lines.add(what.get().replace(SAME_IN_ALL_IDS, ""));
        }
    }

    List<String> lines() {
        return lines == null ? List.of() : lines;
    }
}

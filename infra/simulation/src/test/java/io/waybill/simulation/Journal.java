package io.waybill.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The schedule of a run in words; kept only where somebody is going to read it. */
final class Journal {

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
            lines.add(what.get());
        }
    }

    List<String> lines() {
        return lines == null ? List.of() : lines;
    }
}

package io.waybill.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The line to a partner: a call may be lost, its answer may be lost, and a call that the caller has given up may reach
 * the partner much later.
 */
public final class Partner {

    private final Faults faults;
    private final TaskQueue tasks;
    private final List<Supplier<?>> delayed = new ArrayList<>();
    private int calls;

    Partner(Faults faults, TaskQueue tasks) {
        this.faults = faults;
        this.tasks = tasks;
    }

    public boolean has(Defect defect) {
        return faults.has(defect);
    }

    /** The key that the partner is given; as a rule that of the task. */
    public String key(String key) {
        return faults.has(Defect.FRESH_KEY_FOR_EACH_CALL) ? key + "#" + calls++ : key;
    }

    public <T> T call(Supplier<T> call) {
        return tasks.effect(() -> answered(call));
    }

    /**
     * Asks the partner.
     *
     * @param ifUnanswered what a caller makes of silence that {@link Defect#TREATS_A_TIMEOUT_AS_A_FAILURE}
     */
    public <T> T call(Supplier<T> call, Supplier<T> ifUnanswered) {
        return tasks.effect(() -> {
            try {
                return answered(call);
            } catch (Unanswered e) {
                if (faults.has(Defect.TREATS_A_TIMEOUT_AS_A_FAILURE)) {
                    return ifUnanswered.get();
                }
                throw e;
            }
        });
    }

    private <T> T answered(Supplier<T> call) {
        if (faults.choices().chance(faults.knobs().unanswered())) {
            switch (faults.choices().below(3)) {
                case 0 -> faults.tally.count("call lost");
                case 1 -> {
                    faults.tally.count("answer lost");
                    T answer = call.get();
                    faults.note(() -> "  the partner answers " + answer);
                }
                default -> {
                    faults.tally.count("call delayed");
                    delayed.add(call);
                }
            }
            throw new Unanswered();
        }
        return call.get();
    }

    void clear() {
        delayed.clear();
        calls = 0;
    }

    boolean hasDelayedCall() {
        return !delayed.isEmpty();
    }

    /** A call that nobody waits for any more reaches the partner. */
    void receiveDelayedCall() {
        Supplier<?> call = delayed.remove(faults.choices().below(delayed.size()));
        faults.note(() -> "a partner receives a call that was given up");
        try {
            Object answer = call.get();
            faults.note(() -> "  and answers " + answer);
        } catch (Unanswered e) {
            faults.note(() -> "  and does not answer");
        }
    }
}

package io.waybill.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;

/**
 * One transaction at a time: what is written in it is taken back unless it commits. Outside one, it is there to stay.
 */
public final class Transactions implements TransactionManager {

    private static final Transaction PART_OF_ANOTHER = new Transaction() {
        @Override
        public void commit() {}

        @Override
        public void rollback() {}
    };

    private final Faults faults;
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private final Deque<Runnable> sequel = new ArrayDeque<>();
    private boolean open;

    Transactions(Faults faults) {
        this.faults = faults;
    }

    @Override
    public Transaction startTransaction() {
        if (open) {
            return PART_OF_ANOTHER;
        }
        open = true;
        return new Transaction() {
            @Override
            public void commit() {
                faults.mayCrash(CrashPoint.BEFORE_COMMIT);
                undo.clear();
                open = false;
                while (!sequel.isEmpty()) {
                    sequel.poll().run();
                }
            }

            @Override
            public void rollback() {
                while (!undo.isEmpty()) {
                    undo.pop().run();
                }
                sequel.clear();
                open = false;
            }
        };
    }

    /** Says how to take back what was just written. */
    void onRollback(Runnable undoing) {
        if (open) {
            undo.push(undoing);
        }
    }

    /** Says what happens as soon as what was just written is committed. */
    void onCommit(Runnable next) {
        if (open) {
            sequel.add(next);
        } else {
            next.run();
        }
    }
}

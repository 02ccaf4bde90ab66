package io.waybill.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The password of the operators' account: what {@code WAYBILL_OPERATOR_PASSWORD} says, else what the gateway drew at
 * its first start and keeps in the data folder.
 */
record OperatorPassword(Path file, @Nullable String given) {

    static final String ACCOUNT = "operator@waybill.local";

    static OperatorPassword in(Path data) {
        String given = System.getenv("WAYBILL_OPERATOR_PASSWORD");
        return new OperatorPassword(
                data.resolve("gateway").resolve("operator-password"), given == null || given.isEmpty() ? null : given);
    }

    /** Whether somebody can know it already. */
    boolean isKnown() {
        return given != null || Files.exists(file);
    }

    String read() {
        try {
            return given == null ? Files.readString(file).strip() : given;
        } catch (IOException e) {
            throw new StartException("The operator's password cannot be read: " + e.getMessage(), e);
        }
    }
}

package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.waybill.kernel.Sku;
import io.waybill.testing.samples.pay.api.Paid;
import io.waybill.testing.samples.pay.api.PayEvent;
import io.waybill.testing.samples.pay.api.Refunded;
import io.waybill.testing.samples.pay.api.Written;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ContractSnapshotTest {

    private static final Paid PAID = new Paid(Sku.of("TEA"), List.of(new Paid.Part(2)), Paid.Way.CARD, "thanks");
    private static final Refunded REFUNDED = new Refunded("broken");

    @TempDir
    Path folder;

    @Test
    void a_snapshot_holds_the_types_name_its_shape_and_an_example() throws IOException {
        accept(PAID, REFUNDED);

        assertThat(Files.readString(folder.resolve("Paid.json"))).isEqualTo("""
            {
              "type" : "waybill.pay.Paid.v3",
              "shape" : {
                "sku" : "Sku",
                "parts" : [
                  {
                    "count" : "int"
                  }
                ],
                "way" : "CARD | CASH",
                "note?" : "String"
              },
              "example" : {
                "sku" : "TEA",
                "parts" : [
                  {
                    "count" : 2
                  }
                ],
                "way" : "CARD",
                "note" : "thanks"
              }
            }
            """);
        assertThat(folder.resolve("Refunded.json")).content().contains("\"waybill.pay.Refunded.v1\"");
    }

    @Test
    void an_unchanged_contract_passes() {
        accept(PAID, REFUNDED);

        assertThatCode(() -> verify(PAID, REFUNDED)).doesNotThrowAnyException();
    }

    @Test
    void a_changed_contract_fails_with_what_changed_and_how_to_accept_it() throws IOException {
        accept(PAID, REFUNDED);
        Path snapshot = folder.resolve("Paid.json");
        Files.writeString(snapshot, Files.readString(snapshot).replace("\"int\"", "\"long\""));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> verify(PAID, REFUNDED))
                .withMessageContaining("The contract of Paid changed")
                .withMessageContaining("-         \"count\" : \"long\"")
                .withMessageContaining("+         \"count\" : \"int\"")
                .withMessageContaining("-Dwaybill.contracts.accept=true")
                .withMessageNotContaining("Refunded");
    }

    @Test
    void a_contract_without_snapshot_fails() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> verify(PAID, REFUNDED))
                .withMessageContaining("Paid has no snapshot yet")
                .withMessageContaining("Refunded has no snapshot yet");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_record_without_example_fails_and_is_not_accepted_either() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> accept(PAID))
                .withMessageContaining("Refunded has no example");
    }

    @Test
    void a_snapshot_whose_message_is_gone_fails_until_it_is_accepted() throws IOException {
        accept(PAID, REFUNDED);
        Path orphan = Files.writeString(folder.resolve("Gone.json"), "{}");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> verify(PAID, REFUNDED))
                .withMessageContaining("Gone.json describes a message that is gone");

        accept(PAID, REFUNDED);
        assertThat(orphan).doesNotExist();
    }

    @Test
    void what_is_not_read_back_or_has_no_revision_or_is_no_record_fails() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> snapshots(true).verify(List.of(Written.class), List.of(new Written.Lossy("a", "b"))))
                .withMessageContaining("Lossy.v1 is not read back as it was written")
                .withMessageContaining("Unrevised has no @Revision")
                .withMessageContaining("Loose is no record");
    }

    private void accept(Record... examples) {
        snapshots(true).verify(List.of(PayEvent.class), List.of(examples));
    }

    private void verify(Record... examples) {
        snapshots(false).verify(List.of(PayEvent.class), List.of(examples));
    }

    private ContractSnapshot snapshots(boolean accept) {
        SimpleModule skus = new SimpleModule()
                .addSerializer(Sku.class, ToStringSerializer.instance)
                .addDeserializer(Sku.class, new SkuDeserializer());
        return new ContractSnapshot(new ObjectMapper().registerModule(skus), folder, accept);
    }

    private static final class SkuDeserializer extends StdDeserializer<Sku> {

        @Serial
        private static final long serialVersionUID = 1;

        SkuDeserializer() {
            super(Sku.class);
        }

        @Override
        public Sku deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Sku.of(parser.getText());
        }
    }
}

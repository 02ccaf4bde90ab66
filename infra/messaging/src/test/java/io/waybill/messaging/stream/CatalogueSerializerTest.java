package io.waybill.messaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import java.util.ArrayList;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.UnknownSerializedType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CatalogueSerializerTest {

    private final CatalogueSerializer serializer =
            new CatalogueSerializer(SampleMessages.catalogue(), WaybillJson.mapper());

    @Test
    void an_event_is_stored_under_its_name_and_revision_and_read_back_equal() {
        GoodsPlaced event = GoodsPlaced.on("a", 3);

        SerializedObject<String> stored = serializer.serialize(event, String.class);

        assertThat(stored.getType()).isEqualTo(new SimpleSerializedType("waybill.inventory.GoodsPlaced", "2"));
        assertThat(serializer.<String, Object>deserialize(stored)).isEqualTo(event);
    }

    @Test
    void a_class_name_is_never_loaded() {
        var stored = new SimpleSerializedObject<>("[]", String.class, ArrayList.class.getName(), "1");

        assertThat(serializer.classForType(stored.getType())).isEqualTo(UnknownSerializedType.class);
        assertThat(serializer.<String, Object>deserialize(stored)).isInstanceOf(UnknownSerializedType.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    @NullSource
    void another_revision_is_not_taken_for_the_current_one(@Nullable String revision) {
        var stored = new SimpleSerializedObject<>(
                "{\"shelf\":\"a\",\"pieces\":3,\"unit\":\"PIECE\"}",
                String.class,
                "waybill.inventory.GoodsPlaced",
                revision);

        assertThatThrownBy(() -> serializer.<String, Object>deserialize(stored))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void what_is_not_in_the_catalogue_is_not_written() {
        assertThatThrownBy(() -> serializer.serialize(new ArrayList<>(), String.class))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void metadata_is_read_back_equal() {
        MetaData metadata = MetaData.with("correlationId", "c-1");

        SerializedObject<String> stored = serializer.serialize(metadata, String.class);

        assertThat(serializer.<String, Object>deserialize(stored)).isEqualTo(metadata);
    }
}

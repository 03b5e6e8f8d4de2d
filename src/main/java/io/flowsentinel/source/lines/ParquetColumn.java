package io.flowsentinel.source.lines;

import javax.annotation.Nullable;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;

/**
 * A column that gives each row one field.
 *
 * @param name as the schema spells it
 * @param unsigned whether its integers are
 */
record ParquetColumn(String name, ColumnDescriptor descriptor, boolean unsigned) {

    /** @throws ParquetFault for a column whose values are no single field */
    static ParquetColumn of(SchemaElement element) throws ParquetFault {
        String name = element.getName();
        if (element.getNum_children() > 0 || element.getType() == null) {
            throw refused(name, "nested");
        }
        if (element.getRepetition_type() == FieldRepetitionType.REPEATED) {
            throw refused(name, "repeated");
        }
        if (element.getType() == Type.INT96) {
            throw refused(name, "INT96");
        }
        if (isDecimal(element)) {
            throw refused(name, "a decimal");
        }
        if (element.getType() == Type.FIXED_LEN_BYTE_ARRAY && element.getType_length() <= 0) {
            throw refused(name, element.getType_length() + " bytes wide");
        }
        boolean required = element.getRepetition_type() == FieldRepetitionType.REQUIRED;
        PrimitiveType type = new PrimitiveType(
                required ? Repetition.REQUIRED : Repetition.OPTIONAL,
                libraryType(element.getType()),
                element.getType_length(),
                name);
        ColumnDescriptor descriptor = new ColumnDescriptor(new String[] {name}, type, 0, required ? 0 : 1);
        return new ParquetColumn(name, descriptor, isUnsigned(element));
    }

    boolean isOf(@Nullable Type type) {
        return type != null && libraryType(type) == libraryType();
    }

    PrimitiveTypeName libraryType() {
        return descriptor.getPrimitiveType().getPrimitiveTypeName();
    }

    private static ParquetFault refused(String name, String what) {
        return new ParquetFault("column '" + name + "' is " + what
                + "; expected each row to have one integer, floating point number, text or boolean in it");
    }

    private static PrimitiveTypeName libraryType(Type type) {
        return switch (type) {
            case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
            case INT32 -> PrimitiveTypeName.INT32;
            case INT64 -> PrimitiveTypeName.INT64;
            case INT96 -> PrimitiveTypeName.INT96;
            case FLOAT -> PrimitiveTypeName.FLOAT;
            case DOUBLE -> PrimitiveTypeName.DOUBLE;
            case BYTE_ARRAY -> PrimitiveTypeName.BINARY;
            case FIXED_LEN_BYTE_ARRAY -> PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        };
    }

    /** Of whose number only a part is stored. An integer with nothing behind the point is as good as any other. */
    private static boolean isDecimal(SchemaElement element) {
        LogicalType logical = element.getLogicalType();
        boolean decimal =
                element.getConverted_type() == ConvertedType.DECIMAL || (logical != null && logical.isSetDECIMAL());
        int scale =
                logical != null && logical.isSetDECIMAL() ? logical.getDECIMAL().getScale() : element.getScale();
        boolean integer = element.getType() == Type.INT32 || element.getType() == Type.INT64;
        return decimal && (scale != 0 || !integer);
    }

    private static boolean isUnsigned(SchemaElement element) {
        LogicalType logical = element.getLogicalType();
        if (logical != null && logical.isSetINTEGER()) {
            return !logical.getINTEGER().isIsSigned();
        }
        return element.getConverted_type() != null
                && element.getConverted_type().name().startsWith("UINT_");
    }
}

/**
 * What can be wrong with a code, and where. Types only.
 *
 * Kinds of data faults are those of the syntax tests of the GS1 Barcode Syntax Dictionary, in lower case.
 */

/** `at` and `length` are counted in characters of the text that was read; a missing part has length 0. */
export interface Gs1Fault {
  readonly what: Gs1What;
  readonly at: number;
  readonly length: number;
  /** The application identifier that is to blame. */
  readonly ai?: string;
}

/** A part of a value, before it is known where in the code the value stands. */
export interface Flaw {
  readonly what: Gs1What;
  readonly at: number;
  readonly length: number;
}

export type Gs1What = StructureWhat | DataWhat | PairingWhat | LinkWhat | LinearWhat;

type StructureWhat =
  | 'no_fnc1'
  | 'no_data'
  | 'unknown_ai'
  | 'ai_not_closed'
  | 'too_short'
  | 'too_long'
  | 'missing_symbology_identifier'
  | 'unsupported_symbology'
  | 'price_too_fine'
  | 'percent_over_100';

type DataWhat =
  | 'non_digit_character'
  | 'invalid_cset82_character'
  | 'invalid_cset39_character'
  | 'invalid_cset64_character'
  | 'invalid_cset64_padding'
  | 'incorrect_check_digit'
  | 'incorrect_check_pair'
  | 'too_short_for_check_pair'
  | 'too_long_for_check_pair_implementation'
  | 'too_short_for_gcp'
  | 'invalid_gcp_prefix'
  | `date_${'too_short' | 'too_long'}`
  | `${'hour' | 'minute' | 'second' | 'hour_with_minute'}_${'too_short' | 'too_long'}`
  | `illegal_${'month' | 'day' | 'hour' | 'minute' | 'second' | 'zero_value' | 'zero_prefix'}`
  | `not_${'iso3166' | 'iso3166_or_999' | 'iso3166_alpha2' | 'iso4217' | 'zero' | 'zero_or_one' | 'hyphen'}`
  | 'invalid_biological_sex_code'
  | `iban_${'too_short' | 'too_long'}`
  | 'invalid_iban_character'
  | 'illegal_iban_country_code'
  | 'incorrect_iban_checksum'
  | `${'latitude' | 'longitude'}_invalid_length`
  | `invalid_${'latitude' | 'longitude' | 'media_type' | 'package_type' | 'percent_sequence'}`
  | 'invalid_winding_direction'
  | 'invalid_import_idx_character'
  | 'importer_idx_must_be_one_character'
  | 'requires_non_digit_character'
  | 'invalid_length_for_piece_of_total'
  | 'zero_piece_number'
  | 'zero_total_pieces'
  | 'piece_number_exceeds_total'
  | 'position_in_sequence_malformed'
  | 'position_exceeds_end'
  | `coupon_${string}`;

type PairingWhat =
  | 'ai_repeated_with_other_value'
  | 'ai_excluded'
  | 'ai_required'
  | 'signature_without_serialised_key';

type LinkWhat =
  | 'link_illegal_character'
  | 'link_scheme'
  | 'link_domain'
  | 'link_no_key'
  | 'link_bad_path'
  | 'link_empty_value'
  | 'link_repeated_ai'
  | 'link_not_an_attribute'
  | 'link_attribute_belongs_in_path';

type LinearWhat =
  | 'bad_length'
  | 'bad_character'
  | 'bad_hyphens'
  | 'bad_prefix'
  | 'bad_add_on'
  | 'bad_variant';

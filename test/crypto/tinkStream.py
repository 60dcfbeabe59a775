"""Encrypts and decrypts with Google's own Tink, to check our streams against it.

Reads {"cases": [{"do": "encrypt"|"decrypt", "key", "associatedData", "input"}]} from standard input, texts in base64, and prints a
JSON list with each output in base64, or null where Tink refuses to decrypt.
"""
import base64
import io
import json
import sys

import tink
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

SEGMENT_BYTES = 65536


class KeptBytes(io.BytesIO):
    """Tink closes what it wrote to; the bytes are needed afterwards."""

    kept = b''

    def close(self):
        if not self.closed:
            self.kept = self.getvalue()
        super().close()


def primitive(key):
    value = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(
        version=0,
        key_value=key,
        params=aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
            ciphertext_segment_size=SEGMENT_BYTES, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256))
    keyset = tink_pb2.Keyset(primary_key_id=1)
    keyset.key.add(
        key_id=1,
        status=tink_pb2.ENABLED,
        output_prefix_type=tink_pb2.RAW,
        key_data=tink_pb2.KeyData(
            type_url='type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey',
            value=value.SerializeToString(),
            key_material_type=tink_pb2.KeyData.SYMMETRIC))
    handle = tink.proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


def encrypt(key, associated_data, plaintext):
    destination = KeptBytes()
    with primitive(key).new_encrypting_stream(destination, associated_data) as stream:
        stream.write(plaintext)
    return destination.kept


def decrypt(key, associated_data, ciphertext):
    try:
        with primitive(key).new_decrypting_stream(io.BytesIO(ciphertext), associated_data) as stream:
            return stream.read()
    except tink.TinkError:
        return None


def main():
    streaming_aead.register()
    outputs = []
    for case in json.load(sys.stdin)['cases']:
        key, associated_data, given = (base64.b64decode(case[name]) for name in ('key', 'associatedData', 'input'))
        output = (encrypt if case['do'] == 'encrypt' else decrypt)(key, associated_data, given)
        outputs.append(None if output is None else base64.b64encode(output).decode())
    json.dump(outputs, sys.stdout)


main()

/** Logs in the tools' own formats, with invented models and figures. */

export const EDGE_TPU = `Edge TPU Compiler version 16.0.384591198
Started a compilation timeout timer of 180 seconds.

Model compiled successfully in 412 ms.

Input model: tiny.tflite
Input size: 12.50KiB
Output model: tiny_edgetpu.tflite
Output size: 40.00KiB
On-chip memory used for caching model parameters: 8.25KiB
On-chip memory remaining for caching model parameters: 7.90MiB
Off-chip memory used for streaming uncached model parameters: 0.00B
Number of Edge TPU subgraphs: 1
Total number of operations: 5
Operation log: tiny_edgetpu.log

Model successfully compiled but not all operations are supported by the Edge TPU. A percentage of the model will instead run on the CPU, which is slower.
Number of operations that will run on Edge TPU: 3
Number of operations that will run on CPU: 2

Operator                       Count      Status

FULLY_CONNECTED                2          Mapped to Edge TPU
FULLY_CONNECTED                1          More than one subgraph is not supported
LOGISTIC                       1          Mapped to Edge TPU
QUANTIZE                       1          Operation is otherwise supported, but not mapped due to some unspecified limitation
Compilation child process completed within timeout period.
Compilation succeeded!
`;

const table = (name: string, rows: readonly string[], quote = '"') =>
  `<table name=${quote}${name}${quote}>\n<![CDATA[\n${rows.join('\n')}\n]]>\n</table>\n`;

/** Operators 0 and 2 have commands, 1 is passed through, 3 is fused, 4 was removed. */
export const VELA_DATABASE = `<?xml version='1.0' encoding='UTF-8'?>
<debug source="out/tiny">
${table('perf', [
  '"id","source_id","optimised_id","operator","name","op_cycles","npu_cycles","mac_count"',
  '31,1,11,"FullyConnected","a",100,60,2048',
  '33,1,12,"Relu","a",20,0,0',
  '35,3,14,"FullyConnected","c",300,90,4096',
])}${table('queue', ['"offset","cmdstream_id","optimised_id"', '288,1,11', '360,1,14'])}${table('optimised', [
  '"id","source_id","operator","kernel_w","kernel_h","ofm_w","ofm_h","ofm_d"',
  '11,1,"FullyConnected",1,1,1,1,8',
  '12,1,"Relu",1,1,1,1,8',
  '13,2,"Passthrough",1,1,1,1,8',
  '14,3,"FullyConnected",1,1,1,1,8',
  '15,4,"Sigmoid",1,1,1,1,8',
  '16,-1,"MemoryCopy",1,1,1,1,8',
])}${table('source', [
  '"id","operator","kernel_w","kernel_h","ofm_w","ofm_h","ofm_d","ext_key"',
  '1,"FullyConnected",1,1,1,1,8,0',
  '2,"Quantize",1,1,1,1,8,1',
  '3,"FullyConnected",1,1,1,1,8,2',
  '4,"Sigmoid",1,1,1,1,8,3',
  '5,"FullyConnected",1,1,1,1,8,4',
])}</debug>
`;

/** The Python core's form: no figures, no word on what stays on the CPU. */
export const VELA_DATABASE_PYTHON = `<?xml version='1.0' encoding='UTF-8'?>
<debug source="tiny.tflite" optimised="out/tiny_vela.tflite">
  <table name='source'><![CDATA["id","operator","ext_key"
0,"FullyConnected",0
1,"Quantize",1
]]></table>
  <table name='optimised'><![CDATA["id","source_id","operator"
0,0,"FullyConnected"
1,1,"Quantize"
]]></table>
  <table name='queue'><![CDATA["offset","cmdstream_id","optimised_id"
96,0,0
]]></table>
</debug>
`;

export const VELA_LAYERS = `Original Operator,NNG Operator,Target,Staging Usage,Peak% (Staging),Op Cycles,Network% (cycles),NPU,SRAM AC,DRAM AC,OnFlash AC,OffFlash AC,MAC Count,Network% (MAC),Util% (MAC),Name
FullyConnected,FullyConnected,NPU,64,50.0,100,25.0,60,8,0,0,100,2048,33.3,1.5,a
FullyConnected,Relu,NPU,0,0.0,20,0.0,0,0,0,0,0,0,0.0,100,a
Quantize,Passthrough,CPU,0,0.0,0,0.0,0,0,0,0,0,0,0.0,100,b
FullyConnected,FullyConnected,NPU,64,50.0,300,75.0,90,8,0,0,300,4096,66.7,1.5,"c"
`;

export const VELA_SUMMARY = `experiment,network,accelerator_configuration,system_config,memory_mode,inference_time,sram_memory_used,nn_macs
default,tiny,Ethos_U85_256,Ethos_U85_SYS_DRAM_Mid,Dedicated_Sram_384KB,0.0000125,3.5,6144
`;

export const VELA_CONSOLE = `Warning: No memory mode specified. Using a default of Shared_Sram. Compilation may be invalid or non-optimal.

Warning (supported operators) operator: QUANTIZE, ofm: 'b'
Reason: Operation has tensor with unsupported DataType Float32 (a)
Feature-map dataTypes must be one of {"INT16", "INT8"}

Network summary for tiny
Accelerator configuration               Ethos_U65_256
Memory mode                               Shared_Sram
Total SRAM used                                  3.12 KiB

CPU operators = 1 (20.0%)
   CPU: Passthrough = b (outputs [1, 1, 1, 8])
NPU operators = 4 (80.0%)
   NPU: FullyConnected = a (outputs [1, 1, 1, 8])
`;

export const VELA_CONSOLE_PYTHON = `Warning: Unsupported TensorFlow Lite semantics for QUANTIZE 'b'. Placing on CPU instead
 - Input(s), Output and Weight tensors must have quantization parameters
   Op has tensors with missing quantization parameters: a
Warning: FULLY_CONNECTED 'c' is not supported on the NPU. Placing on CPU instead
 - Weight tensor must be 8-bit
   Tensor 'w' is 16-bit

Network summary for tiny
`;

export const VELA_REFUSAL = `RuntimeError: Compilation failed: Error: UNIDIRECTIONAL_SEQUENCE_LSTM 'y' Does not have valid TFLite Semantics.
 - IFM must be INT8 or INT16
   IFM type=FLOAT32
Failed to parse TFLite file
`;

/** XNNPACK took three of five; QUANTIZE 1 and LOGISTIC 3 are left. */
export const BENCHMARK = `INFO: STARTING!
INFO: Graph: [/data/local/tmp/tiny.tflite]
INFO: Loaded model /data/local/tmp/tiny.tflite
INFO: Created TensorFlow Lite XNNPACK delegate for CPU.
VERBOSE: Replacing 3 out of 5 node(s) with delegate (TfLiteXNNPackDelegate) node, yielding 2 partitions for the whole graph.
INFO: Explicitly applied XNNPACK delegate, and the model graph will be partially executed by the delegate w/ 2 delegate kernels.
INFO: Inference timings in us: Init: 1500, First inference: 400, Warmup (avg): 390, Inference (avg): 380.5
Profiling Info for Benchmark Initialization:
============================== Run Order ==============================
\t             [node type]\t  [first]\t [avg ms]\t     [%]\t  [cdf%]\t  [mem KB]\t[times called]\t[Name]
\t ModifyGraphWithDelegate\t    1.000\t    1.000\t 50.000%\t 50.000%\t     0.000\t        1\tModifyGraphWithDelegate/0

Operator-wise Profiling Info for Regular Benchmark Runs:
============================== Run Order ==============================
\t             [node type]\t  [first]\t [avg ms]\t     [%]\t  [cdf%]\t  [mem KB]\t[times called]\t[Name]
\t   TfLiteXNNPackDelegate\t    0.210\t    0.200\t 52.632%\t 52.632%\t     0.000\t        1\t[a]:5
\t                QUANTIZE\t    0.012\t    0.010\t  2.632%\t 55.263%\t     0.000\t        1\t[b]:1
\t   TfLiteXNNPackDelegate\t    0.130\t    0.120\t 31.579%\t 86.842%\t     0.000\t        1\t[e;e2]:6
\t                LOGISTIC\t    0.051\t    0.050\t 13.158%\t100.000%\t     0.000\t        1\t[d]:3

============================== Top by Computation Time ==============================
\t             [node type]\t  [first]\t [avg ms]\t     [%]\t  [cdf%]\t  [mem KB]\t[times called]\t[Name]
\t   TfLiteXNNPackDelegate\t    0.210\t    0.200\t 52.632%\t 52.632%\t     0.000\t        1\t[a]:5

Number of nodes executed: 4
Timings (microseconds): count=50 first=400 curr=380 min=370 max=420 avg=380.5 std=9
`;

/** As logcat has it, and an older table with a start time. */
export const BENCHMARK_LOGCAT = `05-31 10:31:13.041 21767 21767 I tflite  : Created TensorFlow Lite delegate for NNAPI.
05-31 10:31:13.157 21767 21767 I tflite  : Explicitly applied NNAPI delegate, and the model graph will be partially executed by the delegate w/ 1 delegate kernels.
05-31 10:31:14.001 21767 21767 I tflite  : Operator-wise Profiling Info for Regular Benchmark Runs:
05-31 10:31:14.001 21767 21767 I tflite  : ============================== Run Order ==============================
05-31 10:31:14.001 21767 21767 I tflite  :      [node type]   [start]  [first] [avg ms]     [%]   [cdf%]  [mem KB] [times called] [Name]
05-31 10:31:14.001 21767 21767 I tflite  : TfLiteNnapiDelegate  0.000    3.826    4.011  98.5%    98.5%     0.000         1      []:5
05-31 10:31:14.001 21767 21767 I tflite  :         QUANTIZE     4.011    0.052    0.058   1.5%   100.0%     0.000         1      [b]:1
`;

export const GPU = `INFO: Created TensorFlow Lite delegate for GPU.
ERROR: Following operations are not supported by GPU delegate:
LOGISTIC: Operation is not supported.
QUANTIZE: Max version supported: 2. Requested version 3.
3 operations will run on the GPU, and the remaining 2 operations will run on the CPU.
INFO: Initialized OpenCL-based API.
`;
